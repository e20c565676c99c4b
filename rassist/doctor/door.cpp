// It looks at the doors as sshd itself reads their configurations.
#include "rassist/doctor/checks.hpp"
#include "rassist/doctor/settings.hpp"
#include "rassist/frame/terminal.hpp"

#include "common/base/parse.hpp"
#include "common/system/files.hpp"
#include "common/system/files_write.hpp"
#include "common/system/run.hpp"

#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <set>

namespace rassist::cli::doctor {

namespace {

/// A host key for a test, for the device's door has one only while a window is open.
class ThrowawayKey {
public:
	static Result<ThrowawayKey> make(const ExaminedHost& host) {
		std::string folder = "/run/rassist-doctor.XXXXXX";
		if (mkdtemp(folder.data()) == nullptr)
			return os_error(errno, "a folder in /run");
		ThrowawayKey key(std::move(folder));
		const auto made = host.ask(
			{"/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", key.path()});
		if (!made)
			return made.error();
		return key;
	}
	ThrowawayKey(ThrowawayKey&& other) noexcept : folder_(std::exchange(other.folder_, "")) {}
	ThrowawayKey& operator=(ThrowawayKey&&) = delete;
	ThrowawayKey(const ThrowawayKey&) = delete;
	ThrowawayKey& operator=(const ThrowawayKey&) = delete;
	~ThrowawayKey() {
		if (!folder_.empty())
			static_cast<void>(remove_tree(folder_));
	}
	[[nodiscard]] std::string path() const { return folder_ + "/key"; }

private:
	explicit ThrowawayKey(std::string folder) : folder_(std::move(folder)) {}
	std::string folder_;
};

/// The first line of what sshd says: "…: line 3: Bad configuration option: Foo" and the like.
std::string first_line_of(const Finished& sshd) {
	const std::string_view said = trimmed(sshd.err);
	return escape_for_terminal(trimmed(said.substr(0, said.find('\n'))));
}

/// The accounts that log in by the door.
std::vector<const char*> accounts_of_door(bool relay) {
	return relay ? std::vector<const char*>{kDeviceAccount, kTunnelAccount, kSupportAccount}
				 : std::vector<const char*>{kAssistAccount};
}

/// The settings that sshd has in effect; nullopt where it does not tell them, and that is a
/// finding.
std::optional<Settings> read_settings(ExaminedHost& host, const Argv& test) {
	const auto sshd = host.ask(test);
	if (!sshd) {
		host.findings.fault("the door's sshd cannot be run: " + sshd.error().what,
			"install the package again that brings it");
		return std::nullopt;
	}
	if (sshd->status != 0) {
		host.findings.fault("sshd refuses the door's configuration: " + first_line_of(*sshd),
			std::string("mend that line") +
				(host.is(kOnRelay) ? ", then: systemctl reload rassist-relay" : ""));
		return std::nullopt;
	}
	return parse_settings(sshd->out);
}

/// Whether the relay's door asks its own PAM service. The unit tells an sshd that knows this
/// setting, when the door first opens.
bool look_at_pam_service(ExaminedHost& host, const Settings& settings) {
	const auto service = settings.find("pamservicename");
	if (service == settings.end() || service->second == "rassist-relay" ||
		access("/run/rassist-relay", F_OK) != 0)
		return true;
	host.findings.fault("the door's PAM service is " + escape_for_terminal(service->second) +
							" and must be rassist-relay",
		"systemctl reload rassist-relay");
	return false;
}

/// Tells what is otherwise than it must be. `told`: what is wrong for all accounts is told once.
void look_at_settings(ExaminedHost& host, const std::string& account, const Settings& settings,
	std::set<std::string>& told) {
	const bool relay = host.is(kOnRelay);
	const std::string mend =
		relay ? "mend or remove the file in /etc/rassist/relay_sshd.d that says so, then: "
				"systemctl reload rassist-relay"
			  : "install rassist again: the device's door takes no settings from /etc";
	const std::string helper = host.context.paths.libexec + "/authkeys";
	for (const SettingDifference& one :
		find_differences(settings, list_wanted_settings(account, helper))) {
		const std::string what = one.keyword + " is " +
								 (one.is.empty() ? "not set" : escape_for_terminal(one.is)) +
								 " and must be " + one.must_be;
		if (told.insert(what).second)
			host.findings.fault("the door for " + account + ": " + what, mend);
	}
	for (const std::string& list : find_lists_without_our_keys(settings)) {
		if (told.insert(list).second) {
			host.findings.fault("the door does not take ssh-ed25519, the kind of rassist's keys: " +
									list + " is without it",
				relay ? "add it in /etc/rassist/relay_sshd.d or to the system's crypto policy, "
						"then: systemctl reload rassist-relay"
					  : "add it to the system's crypto policy: update-crypto-policies(8)");
		}
	}
}

}    // namespace

void look_at_door(ExaminedHost& host) {
	const Paths& paths = host.context.paths;
	const bool relay = host.is(kOnRelay);
	Argv test{paths.libexec + (relay ? "/rassist-relay" : "/rassist-login"), "-T", "-f",
		paths.data + (relay ? "/sshd/relay.conf" : "/sshd/device.conf")};
	const auto key = ThrowawayKey::make(host);
	if (!key) {
		host.findings.warning(
			"sshd cannot be asked for its settings: " + key.error().what, "free space in /run");
		return;
	}
	test.insert(test.end(), {"-o", "HostKey=" + key->path(), "-C", ""});
	std::set<std::string> told;
	for (const std::string account : accounts_of_door(relay)) {
		test.back() = "user=" + account + ",host=localhost,addr=127.0.0.1";
		const auto settings = read_settings(host, test);
		if (!settings || (relay && !look_at_pam_service(host, *settings)))
			return;
		if (host.listen_addresses.empty())
			host.listen_addresses = list_listen_addresses(*settings);
		look_at_settings(host, account, *settings, told);
	}
}

}    // namespace rassist::cli::doctor
