// It looks at who owns files and folders: sshd, PAM and our own programs refuse to believe what
// somebody else could have written.
#include "rassist/doctor/checks.hpp"

#include "common/system/files.hpp"

#include <glob.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <set>
#include <sstream>

namespace rassist::cli::doctor {

namespace {

std::string format_octal(mode_t mode) {
	std::ostringstream text;
	text << std::oct << '0' << (mode & 07777);
	return text.str();
}

std::string user_name_of(uid_t uid) {
	const passwd* entry = getpwuid(uid);
	return entry == nullptr ? "uid " + std::to_string(uid) : entry->pw_name;
}

/// Looks at one component of a path. `seen`: a folder that many paths share is told of once.
void look_at_component(ExaminedHost& host, const std::string& path, std::set<std::string>& seen) {
	struct stat file {};
	if (!seen.insert(path).second || stat(path.c_str(), &file) != 0)
		return;
	// A folder that the whole system shares is not ours to change.
	const bool ours = path.find("rassist") != std::string::npos;
	if (file.st_uid != host.context.root) {
		host.findings.fault(
			path + " is owned by " + user_name_of(file.st_uid) +
				", must be root's: sshd and PAM do not believe what is in or below it",
			"chown root " + path, ours ? Argv{"/usr/bin/chown", "root", path} : Argv{});
	}
	if ((file.st_mode & 022) != 0) {
		host.findings.fault(path + " has mode " + format_octal(file.st_mode) +
								", must not be writable by group or others: sshd and PAM do not "
								"believe what is in or below it",
			"chmod go-w " + path, ours ? Argv{"/usr/bin/chmod", "go-w", path} : Argv{});
	}
}

/// Looks by sshd's rule for an AuthorizedKeysCommand (safe_path in its misc.c) at the file and each
/// folder above it, with links resolved.
void look_up_to_root(ExaminedHost& host, const std::string& path, std::set<std::string>& seen) {
	const std::unique_ptr<char, decltype(&std::free)> resolved(
		realpath(path.c_str(), nullptr), &std::free);
	if (!resolved) {
		host.findings.fault(
			path + ": " + std::strerror(errno), "install the package again that brings it");
		return;
	}
	const std::string real = resolved.get();
	for (std::size_t slash = real.find('/', 1);; slash = real.find('/', slash + 1)) {
		look_at_component(host, real.substr(0, slash), seen);
		if (slash == std::string::npos)
			break;
	}
	look_at_component(host, "/", seen);
}

std::vector<std::string> find_matching(const std::vector<std::string>& patterns) {
	std::vector<std::string> paths;
	for (const std::string& pattern : patterns) {
		glob_t found{};
		if (glob(pattern.c_str(), 0, nullptr, &found) == 0)
			paths.insert(paths.end(), found.gl_pathv, found.gl_pathv + found.gl_pathc);
		globfree(&found);
	}
	return paths;
}

/// A line of tmpfiles.d(5) that makes a folder.
struct WantedFolder {
	std::string path;
	mode_t mode;
	std::string user;
	std::string group;
};

std::vector<WantedFolder> parse_wanted_folders(std::string_view text) {
	std::vector<WantedFolder> folders;
	std::istringstream lines{std::string(text)};
	for (std::string line; std::getline(lines, line);) {
		std::istringstream words(line);
		std::string type;
		std::string mode;
		WantedFolder folder;
		if (words >> type >> folder.path >> mode >> folder.user >> folder.group && type == "d") {
			folder.mode = static_cast<mode_t>(std::strtoul(mode.c_str(), nullptr, 8));
			folders.push_back(std::move(folder));
		}
	}
	return folders;
}

void look_at_folder(ExaminedHost& host, const WantedFolder& wanted, const Argv& fix) {
	struct stat there {};
	const std::string path = wanted.path;
	const std::string mend = "systemd-tmpfiles --create";
	if (lstat(path.c_str(), &there) != 0) {
		host.findings.fault(path + " is missing", mend, fix);
		return;
	}
	if (!S_ISDIR(there.st_mode)) {
		host.findings.fault(
			path + " is not a folder", "look what it is, move it away, then " + mend);
		return;
	}
	const passwd* user = getpwnam(wanted.user.c_str());
	const group* group = getgrnam(wanted.group.c_str());
	if (user == nullptr || group == nullptr)
		return;    // the accounts are a check of their own
	if (there.st_uid != user->pw_uid || there.st_gid != group->gr_gid) {
		host.findings.fault(path + " is owned by " + user_name_of(there.st_uid) + ", must be " +
								wanted.user + ":" + wanted.group +
								": what is in it is not believed",
			mend, fix);
	} else if ((there.st_mode & 07777) != wanted.mode) {
		host.findings.fault(path + " has mode " + format_octal(there.st_mode) + ", must be " +
								format_octal(wanted.mode),
			mend, fix);
	}
}

}    // namespace

void look_at_ownership(ExaminedHost& host) {
	const Paths& paths = host.context.paths;
	const bool relay = host.is(kOnRelay);
	std::vector<std::string> files{paths.libexec + "/authkeys", paths.etc, paths.state};
	for (const char* program :
		relay
			? std::vector<const char*>{"rassist-relay", "enroll", "hold", "desk", "probe", "guard"}
			: std::vector<const char*>{"rassist-login", "window", "rassist-agent"})
		files.push_back(paths.libexec + "/" + program);
	const auto modules =
		find_matching({"/usr/lib*/security/pam_rassist.so", "/usr/lib/*/security/pam_rassist.so"});
	if (modules.empty()) {
		host.findings.fault("pam_rassist.so is not where PAM looks for modules",
			"install the package again that brings it");
	}
	files.insert(files.end(), modules.begin(), modules.end());
	// Files that are missing are for other checks.
	for (const std::string& file : find_matching({paths.config(),
			 paths.config_dropins() + "/*.conf", paths.relay_pins(), paths.etc + "/relay_sshd.d/*",
			 relay ? "/etc/pam.d/rassist-relay" : "/etc/pam.d/rassist-login"}))
		files.push_back(file);
	std::set<std::string> seen;
	for (const std::string& file : files)
		look_up_to_root(host, file, seen);
}

void look_at_folders(ExaminedHost& host) {
	const std::string file = std::string("/usr/lib/tmpfiles.d/rassist-") +
							 (host.is(kOnRelay) ? "relay" : "device") + ".conf";
	const auto text = read_trusted(file, Trust{.owner = host.context.root});
	if (!text) {
		host.findings.fault(text.error().what, "install the package again that brings it");
		return;
	}
	const Argv fix{"/usr/bin/systemd-tmpfiles", "--create", file};
	for (const WantedFolder& folder : parse_wanted_folders(*text))
		look_at_folder(host, folder, fix);
}

}    // namespace rassist::cli::doctor
