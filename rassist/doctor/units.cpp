// It looks at the units as PID 1 has them, and at the guard's rules as the kernel has them.
#include "rassist/doctor/checks.hpp"
#include "rassist/doctor/unit_states.hpp"

#include "common/records/publication.hpp"

namespace rassist::cli::doctor {

namespace {

struct ExpectedUnit {
	const char* name;
	bool active;     ///< it must be, all the time
	bool enabled;    ///< it must be started at boot
};

// A unit that others need stands before them.
constexpr ExpectedUnit kRelayUnits[] = {{"rassist-guard.service", true, false},
	{"rassist-relay.service", true, true}, {"rassist-enforce.path", true, false},
	{"rassist-enforce.timer", true, false}, {"rassist-everybody.path", true, false},
	{"rassist-privsep.path", true, false}, {"rassist-tidy.timer", true, false}};
constexpr ExpectedUnit kDeviceUnits[] = {{"rassist-agent.service", false, false},
	{"rassist-tunnel.service", false, false}, {"rassist-login.socket", false, false},
	{"rassist-sweep.service", false, false}};

/// Whether the unit is as it must be. If not, those after it may be down for that alone.
bool look_at_unit(ExaminedHost& host, const ExpectedUnit& unit, const UnitState& state) {
	const std::string name = unit.name;
	if (state.load == "masked") {
		host.findings.fault(name + " is masked", "systemctl unmask " + name);
	} else if (state.load != "loaded") {
		host.findings.fault(name + " is " + state.load,
			"install the package again that brings it, then: systemctl daemon-reload");
	} else if (state.active == "failed") {
		host.findings.fault(name + " has failed",
			"systemctl status " + name + "; when its cause is mended: systemctl restart " + name);
	} else if (unit.active && state.active != "active" && state.active != "activating" &&
			   state.active != "reloading") {
		host.findings.fault(name + " is not running", "systemctl start " + name,
			unit.enabled ? Argv{} : Argv{"/usr/bin/systemctl", "start", name});
	} else if (unit.enabled && state.file != "enabled") {
		host.findings.warning(
			name + " is not enabled: after a reboot it does not run", "systemctl enable " + name);
		return true;
	} else {
		return true;
	}
	return false;
}

}    // namespace

void look_at_units(ExaminedHost& host) {
	const std::span<const ExpectedUnit> units = host.is(kOnRelay)
													? std::span<const ExpectedUnit>(kRelayUnits)
													: std::span<const ExpectedUnit>(kDeviceUnits);
	Argv argv{"/usr/bin/systemctl", "show",
		"--property=Id,LoadState,ActiveState,UnitFileState,NeedDaemonReload"};
	for (const ExpectedUnit& unit : units)
		argv.emplace_back(unit.name);
	const auto shown = host.ask(argv);
	const auto states = shown && shown->status == 0 ? parse_unit_states(shown->out)
													: std::map<std::string, UnitState>();
	bool stale = false;
	for (const ExpectedUnit& unit : units) {
		const auto state = states.find(unit.name);
		if (state == states.end()) {
			host.findings.fault("systemd does not tell of " + std::string(unit.name),
				"is systemd the first process here?");
			return;
		}
		stale = stale || state->second.stale;
		if (!look_at_unit(host, unit, state->second))
			break;
	}
	if (stale) {
		host.findings.warning("units on disk are newer than what systemd has loaded",
			"systemctl daemon-reload", {"/usr/bin/systemctl", "daemon-reload"});
	}
}

void look_at_guard(ExaminedHost& host) {
	if (host.findings.tells_of("units", "rassist-guard.service"))
		return;
	const auto table =
		host.ask({"/usr/sbin/nft", "list", "chain", "inet", "rassist_guard", "output"});
	if (!table) {
		host.findings.fault("nft cannot be run: " + table.error().what, "install nftables");
	} else if (table->status != 0) {
		host.findings.fault(
			"the guard's rules are not in the kernel: every process here reaches the devices",
			"systemctl restart rassist-guard && systemctl start rassist-relay");
	} else if (const auto guarding = find_guarding(host.context.paths, host.context.root);
			   !guarding) {
		host.findings.fault(guarding.error().what, "systemctl reload rassist-guard",
			{"/usr/bin/systemctl", "reload", "rassist-guard.service"});
	}
}

}    // namespace rassist::cli::doctor
