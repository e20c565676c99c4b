// It looks at what everything stands on: configuration, accounts, clock, disk, OpenSSH, OpenSSL,
// SELinux.
#include "rassist/doctor/checks.hpp"
#include "rassist/doctor/versions.hpp"
#include "rassist/frame/terminal.hpp"

#include "common/keys/derive.hpp"
#include "common/system/clock.hpp"

#include <pwd.h>
#include <shadow.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <sys/xattr.h>

#include <array>
#include <sstream>
#include <utility>

namespace rassist::cli::doctor {

namespace {

constexpr std::uint64_t kMebibyte = 1024 * 1024;
constexpr std::uint64_t kInodes = 1000;
constexpr std::size_t kTold = 10;

std::vector<const char*> accounts_of(const ExaminedHost& host) {
	return host.is(kOnRelay)
			   ? std::vector<const char*>{kDeviceAccount, kTunnelAccount, kSupportAccount,
					 kKeysAccount}
			   : std::vector<const char*>{kAssistAccount, kAgentAccount, kKeysAccount};
}

bool is_there(const std::string& path) {
	struct stat file {};
	return lstat(path.c_str(), &file) == 0;
}

std::string label_of(const std::string& path) {
	std::array<char, 256> label{};
	const ssize_t length =
		getxattr(path.c_str(), "security.selinux", label.data(), label.size() - 1);
	return length > 0 ? std::string(label.data()) : "";
}

struct WrongLabel {
	std::string path;
	std::string is;
	std::string must_be;
};

/// Reads a line of `restorecon -n -v`: "Would relabel PATH from LABEL to LABEL".
WrongLabel parse_relabel_line(const std::string& line) {
	constexpr std::string_view kBegin = "Would relabel ";
	constexpr std::string_view kFrom = " from ";
	constexpr std::string_view kTo = " to ";
	const std::size_t from = line.rfind(kFrom);
	const std::size_t to = line.rfind(kTo);
	if (!line.starts_with(kBegin) || from == std::string::npos || to == std::string::npos ||
		to < from)
		return {line, "otherwise than the policy says", "as it says"};
	return {line.substr(kBegin.size(), from - kBegin.size()),
		line.substr(from + kFrom.size(), to - from - kFrom.size()), line.substr(to + kTo.size())};
}

}    // namespace

void look_at_config(ExaminedHost& host) {
	const Result<Config>& config = host.config;
	if (!config) {
		const bool missing = config.error().code == Fault::not_found;
		host.findings.fault(config.error().what, missing
													 ? "install the package again that brings it"
													 : "mend that line: man 5 rassist.conf");
		return;
	}
	if (host.is(kOnDevice) && config->relays.empty()) {
		host.findings.fault("rassist.conf names no relay",
			"rassist setup device RELAY --host-key KEY, as `rassist "
			"setup relay` prints it on the relay");
	}
	if (host.is(kOnRelay) && !config->publish_addresses.empty() && config->support_from.empty()) {
		host.findings.warning("publish-address is set but support-from lets support come from "
							  "anywhere, so no device is published",
			"name support's networks: support-from");
	}
}

void look_at_accounts(ExaminedHost& host) {
	for (const char* name : accounts_of(host)) {
		const passwd* account = getpwnam(name);
		if (account == nullptr) {
			host.findings.fault("the account " + std::string(name) + " is missing",
				"systemd-sysusers", {"/usr/bin/systemd-sysusers"});
			continue;
		}
		if (account->pw_uid == 0) {
			host.findings.fault("the account " + std::string(name) + " has uid 0",
				"give it a uid of its own: usermod -u");
		}
		const spwd* shadow = getspnam(name);
		const std::string password = shadow == nullptr ? "!" : shadow->sp_pwdp;
		if (!password.starts_with('!') && !password.starts_with('*')) {
			host.findings.fault(
				"the account " + std::string(name) +
					" has a password: whoever knows it logs in by other doors than ours",
				"passwd -l " + std::string(name), {"/usr/bin/passwd", "-l", name});
		}
	}
}

void look_at_clock(ExaminedHost& host) {
	struct stat installed {};
	const auto time = read_clocks();
	const std::string program = host.context.paths.libexec + "/authkeys";
	if (time && stat(program.c_str(), &installed) == 0 && time->wall < installed.st_mtime) {
		host.findings.fault(
			"the clock says " + format_utc(time->wall) +
				", which is before rassist was built: windows would end at the wrong time",
			"set the clock: timedatectl set-ntp true");
		return;
	}
	timex state{};
	if (adjtimex(&state) == TIME_ERROR && (state.status & STA_UNSYNC) != 0) {
		host.findings.warning("the clock is not kept by a time server (as the kernel says)",
			"timedatectl set-ntp true");
	}
}

void look_at_disk(ExaminedHost& host) {
	// /run is small where there is little memory, and what we keep in it is small as well.
	for (const auto& [path, needed] : {std::pair(host.context.paths.state, 32 * kMebibyte),
			 std::pair(host.context.paths.run, kMebibyte)}) {
		struct statvfs disk {};
		if (statvfs(path.c_str(), &disk) != 0)
			continue;    // folders are a check of their own
		const std::uint64_t room = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
		if (room < needed) {
			host.findings.fault(path + " has " + std::to_string(room / kMebibyte) +
									" MiB left: no record can be written soon",
				"make room on that disk");
		} else if (disk.f_files > 0 && disk.f_favail < kInodes) {
			host.findings.fault(path + " has " + std::to_string(disk.f_favail) +
									" inodes left: no record can be written soon",
				"remove small files on that disk");
		}
	}
}

/// The doors are sshd's. Before 9.2 sshd knows no -V, and says its version when it refuses that.
void look_at_openssh(ExaminedHost& host) {
	const bool support = host.is(kForSupport);
	const std::string program = support ? "/usr/bin/ssh" : "/usr/sbin/sshd";
	const auto said = host.ask({program, "-V"});
	const auto version = said ? parse_openssh_version(said->err + said->out) : std::nullopt;
	if (!version) {
		host.findings.fault(program + " does not tell its version",
			std::string("install the OpenSSH ") + (support ? "client" : "server"));
		return;
	}
	if (const auto lack = find_lack(*version))
		host.findings.fault("OpenSSH " + version->str() + " " + *lack, "bring OpenSSH up to date");
}

/// Keys are derived from codes in all three roles: a window's on the device and on support's
/// machine, an activation's on the relay.
void look_at_crypto(ExaminedHost& host) {
	const auto serial = Serial::parse("doctor");
	const auto key = serial ? derive_activation_key(Code::random(), *serial) : serial.error();
	if (!key) {
		host.findings.fault("no key can be derived from a code: " + key.error().what,
			"rassist needs Ed25519 and scrypt of this host's OpenSSL: look at its openssl.cnf, and "
			"at FIPS mode");
	}
}

void look_at_labels(ExaminedHost& host) {
	if (!is_there("/sys/fs/selinux/enforce"))
		return;
	const Paths& paths = host.context.paths;
	// Only types are compared: with -F the SELinux user of whoever made a file would be wrong, too.
	// Not each role has all of these files (-i).
	const Argv restore{"/usr/sbin/restorecon", "-R", "-i", paths.etc, paths.state, paths.run,
		paths.agent_run, paths.guard_run, paths.run + "-relay", paths.libexec, "/usr/bin/rassist"};
	Argv ask = restore;
	ask.insert(ask.begin() + 1, {"-n", "-v"});
	const auto wrong = host.ask(ask, std::chrono::seconds(60));
	if (!wrong) {
		host.findings.warning(
			"the labels cannot be looked at: " + wrong.error().what, "install policycoreutils");
		return;
	}
	std::istringstream lines(wrong->out);
	std::size_t told = 0;
	for (std::string line; std::getline(lines, line) && told < kTold; ++told) {
		const auto [path, is, must_be] = parse_relabel_line(line);
		host.findings.fault(escape_for_terminal(path) + " is labelled " + escape_for_terminal(is) +
								", must be " + escape_for_terminal(must_be),
			"restorecon -R " + escape_for_terminal(path), restore);
	}
	const std::string helper = paths.libexec + "/authkeys";
	if (label_of(helper).find("rassist") == std::string::npos &&
		!host.findings.tells_of("labels", helper)) {
		host.findings.fault(
			helper +
				" has no label of rassist's policy: sshd's helper runs unconfined or not at all",
			"install rassist-selinux");
	}
}

}    // namespace rassist::cli::doctor
