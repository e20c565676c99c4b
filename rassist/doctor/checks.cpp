#include "rassist/doctor/checks.hpp"

namespace rassist::cli::doctor {

namespace {

constexpr unsigned kHosts = kOnDevice | kOnRelay;

constexpr Check kChecks[] = {
	{"config", kHosts, look_at_config},
	{"openssh", kHosts | kForSupport, look_at_openssh},
	{"crypto", kHosts | kForSupport, look_at_crypto},
	{"accounts", kHosts, look_at_accounts},
	{"ownership", kHosts, look_at_ownership},
	{"folders", kHosts, look_at_folders},
	{"labels", kHosts, look_at_labels},
	{"door", kHosts, look_at_door},
	{"pam", kHosts, look_at_pam},
	{"sudo", kOnDevice, look_at_sudo},
	{"units", kHosts, look_at_units},
	{"guard", kOnRelay, look_at_guard},
	{"ports", kOnRelay, look_at_ports},
	{"names", kOnRelay, look_at_names},
	{"records", kOnRelay, look_at_records},
	{"identity", kOnDevice, look_at_identity},
	{"relays", kOnDevice, look_at_relays},
	{"clock", kHosts, look_at_clock},
	{"disk", kHosts, look_at_disk},
	{"support", kForSupport, look_at_support},
};

}    // namespace

std::span<const Check> list_checks() { return kChecks; }

}    // namespace rassist::cli::doctor
