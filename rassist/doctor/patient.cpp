#include "rassist/doctor/patient.hpp"

namespace rassist::cli::doctor {

namespace {

constexpr unsigned kHosts = kOnDevice | kOnRelay;

constexpr Check kChecks[] = {
	{"config", kHosts, "rassist.conf and its drop-ins can be read and say what this host needs", look_at_config},
	{"openssh", kHosts | kForSupport, "its version", look_at_openssh},
	{"accounts", kHosts, "the accounts of rassist are there, without passwords", look_at_accounts},
	{"ownership", kHosts, "programs, module and configuration are root's alone, each folder up to / included", look_at_ownership},
	{"folders", kHosts, "the stores' folders have the owner and mode that tmpfiles.d says", look_at_folders},
	{"labels", kHosts, "SELinux labels are what the policy says", look_at_labels},
	{"door", kHosts, "sshd's settings in effect, account by account", look_at_door},
	{"pam", kHosts, "the order of the lines in the doors' PAM services", look_at_pam},
	{"sudo", kOnDevice, "sudo reads the folder in which a window's right is put", look_at_sudo},
	{"units", kHosts, "the units are loaded as they are on disk, enabled and active as they must be", look_at_units},
	{"guard", kOnRelay, "the guard's nftables rules are in the kernel", look_at_guard},
	{"names", kOnRelay, "SERIAL.rassist is looked up by libnss_rassist before the DNS", look_at_names},
	{"records", kOnRelay, "registry and key stores parse", look_at_records},
	{"identity", kOnDevice, "the device has its long-lived key", look_at_identity},
	{"relays", kOnDevice, "each relay is reached, shows the pinned host key and knows this device", look_at_relays},
	{"clock", kHosts, "the clock", look_at_clock},
	{"disk", kHosts, "free space and inodes where records are written", look_at_disk},
	{"support", kForSupport, "plain ssh goes to devices through the pinned relay, and the relay knows the person", look_at_support},
};

}    // namespace

std::span<const Check> checks() { return kChecks; }

Result<Finished> Patient::ask(Argv argv, std::string_view input, std::chrono::seconds patience) const {
	const ChildPlan plan{.argv = std::move(argv), .environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "HOME=" + context.home}};
	return context.run(plan, input, patience);
}

}    // namespace rassist::cli::doctor
