// It looks at support's machine: what plain ssh makes of the name of a device, and whether the
// relay knows the person who asks.
#include "rassist/doctor/checks.hpp"
#include "rassist/doctor/settings.hpp"
#include "rassist/frame/ssh_failure.hpp"

namespace rassist::cli::doctor {

namespace {

std::string setting_of(const Settings& settings, std::string_view keyword) {
	const auto found = settings.find(keyword);
	return found == settings.end() ? "" : found->second;
}

/// This names the relay and pins its key.
constexpr std::string_view kSetup = "rassist setup support RELAY --host-key KEY, as `rassist setup "
									"relay` prints it on the relay";

/// Whether plain ssh takes a device's name to the relay.
bool look_at_ssh_config(ExaminedHost& host) {
	const auto device = host.ask({"/usr/bin/ssh", "-G", "serial.rassist"});
	if (!device || device->status != 0) {
		host.findings.fault("ssh cannot read its configuration: " +
								(device ? quote_last_line(device->err) : device.error().what),
			"mend that line");
		return false;
	}
	const Settings settings = parse_settings(device->out);
	if (const auto without = find_lists_without_our_keys(settings); !without.empty()) {
		for (const std::string& list : without) {
			host.findings.fault("ssh does not take ssh-ed25519, the kind of rassist's keys: " +
									list + " is without it",
				"add it in ssh_config or to the system's crypto policy: update-crypto-policies(8)");
		}
		return false;
	}
	if (setting_of(settings, "proxyjump") != "rassist-relay") {
		host.findings.fault(
			"`ssh SERIAL.rassist` does not go through rassist-relay: something in ssh_config comes "
			"before /etc/ssh/ssh_config.d/50-rassist.conf, or that is not included",
			"look at ~/.ssh/config and /etc/ssh/ssh_config");
		return false;
	}
	return true;
}

void tell_ssh_failure(ExaminedHost& host, const std::string& said) {
	const std::string setup(kSetup);
	switch (classify_ssh_failure(said)) {
	case SshFailure::denied:
		// root has no keys of a person's, so that finds nothing.
		if (!host.context.is_root()) {
			host.findings.fault("the relay accepts none of your keys",
				"have it registered there: rassist staff add NAME --key KEY");
		}
		return;
	case SshFailure::not_pinned:
		host.findings.fault(
			"no host key is pinned for the relay in /etc/rassist/support_known_hosts", setup);
		return;
	case SshFailure::other_key:
		host.findings.fault("what answers as the relay does not show the host key that is "
							"pinned in /etc/rassist/support_known_hosts",
			"ask the relay's admin for the fingerprint; if the key is new: " + setup);
		return;
	case SshFailure::no_name:
		host.findings.fault("the relay's name does not resolve: " + quote_last_line(said), setup);
		return;
	case SshFailure::not_reached:
	case SshFailure::other:
		break;
	}
	host.findings.fault("the relay is not reached: " + quote_last_line(said),
		"look at the network on the way there; from an address that is not in its support-from it "
		"says so");
}

}    // namespace

void look_at_support(ExaminedHost& host) {
	if (!look_at_ssh_config(host))
		return;
	const auto relay = host.ask(
		{"/usr/bin/ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "rassist-relay", "list"},
		std::chrono::seconds(40));
	if (!relay || relay->status != 0)
		tell_ssh_failure(host, relay ? relay->err : relay.error().what);
}

}    // namespace rassist::cli::doctor
