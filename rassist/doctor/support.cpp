// Support's machine: what plain ssh makes of the name of a device, and whether the relay knows the
// person who asks.
#include "rassist/doctor/patient.hpp"
#include "rassist/doctor/settings.hpp"
#include "rassist/frame/reached.hpp"

namespace rassist::cli::doctor {

namespace {

std::string setting(const Settings& settings, std::string_view keyword) {
	const auto found = settings.find(keyword);
	return found == settings.end() ? "" : found->second;
}

}    // namespace

void look_at_support(Patient& patient) {
	const std::string setup = "rassist setup support RELAY --host-key KEY, as `rassist setup "
							  "relay` prints it on the relay";
	const auto device = patient.ask({"/usr/bin/ssh", "-G", "serial.rassist"});
	if (!device || device->status != 0) {
		patient.findings.fault("ssh cannot read its configuration: " +
								   (device ? last_said(device->err) : device.error().what),
			"mend that line");
		return;
	}
	const Settings settings = parse_settings(device->out);
	if (const auto without = without_our_keys(settings); !without.empty()) {
		for (const std::string& list : without) {
			patient.findings.fault("ssh does not take ssh-ed25519, the kind of rassist's keys: " +
									   list + " is without it",
				"add it in ssh_config or to the system's crypto policy: update-crypto-policies(8)");
		}
		return;
	}
	if (setting(settings, "proxyjump") != "rassist-relay") {
		patient.findings.fault(
			"`ssh SERIAL.rassist` does not go through rassist-relay: something in ssh_config comes "
			"before /etc/ssh/ssh_config.d/50-rassist.conf, or that is not included",
			"look at ~/.ssh/config and /etc/ssh/ssh_config");
		return;
	}
	const auto relay = patient.ask(
		{"/usr/bin/ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "rassist-relay", "list"},
		std::chrono::seconds(40));
	if (relay && relay->status == 0)
		return;
	const std::string said = relay ? relay->err : relay.error().what;
	switch (reached(said)) {
	case Reached::denied:
		// root keeps no keys of a person's
		if (!patient.context.is_root()) {
			patient.findings.fault("the relay accepts none of your keys",
				"have it registered there: rassist staff add NAME --key KEY");
		}
		return;
	case Reached::not_pinned:
		patient.findings.fault(
			"no host key is pinned for the relay in /etc/rassist/support_known_hosts", setup);
		return;
	case Reached::other_key:
		patient.findings.fault("what answers as the relay does not show the host key that is "
							   "pinned in /etc/rassist/support_known_hosts",
			"ask the relay's admin for the fingerprint; if the key is new: " + setup);
		return;
	case Reached::no_name:
		patient.findings.fault("the relay's name does not resolve: " + last_said(said), setup);
		return;
	case Reached::not_reached:
	case Reached::other:
		break;
	}
	patient.findings.fault("the relay is not reached: " + last_said(said),
		"look at the network on the way there; from an address that is not in its support-from it "
		"says so");
}

}    // namespace rassist::cli::doctor
