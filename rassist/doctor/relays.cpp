// It goes from a device to its relays, by the agent's own ssh and the device's identity: are they
// reached, pinned, and do they know the device?
#include "rassist/doctor/checks.hpp"
#include "rassist/frame/ssh_failure.hpp"
#include "rassist/frame/terminal.hpp"

#include "common/base/parse_network.hpp"
#include "common/system/child.hpp"
#include "common/system/clock.hpp"
#include "common/wire/enrolment.hpp"
#include "common/wire/relay_ssh.hpp"

#include <unistd.h>

#include <cstdlib>
#include <map>

namespace rassist::cli::doctor {

namespace {

constexpr std::int64_t kClocksApart = 60;    ///< seconds

struct RelayTrouble {
	std::string what;
	std::string mend;
	Level level = Level::fault;
};

std::string serial_of(const ExaminedHost& host) {
	return host.config->serial ? host.config->serial->str() : "SERIAL";
}

RelayTrouble explain_not_reached(
	const ExaminedHost& host, const RelayAddress& relay, std::string_view said) {
	const std::string setup =
		"rassist setup device, with the host key that `rassist setup relay` prints there";
	switch (classify_ssh_failure(said)) {
	case SshFailure::not_pinned:
		return {"no host key is pinned for it in " + host.context.paths.relay_pins(), setup};
	case SshFailure::other_key:
		return {"it does not show the host key that is pinned in " +
					host.context.paths.relay_pins() +
					": another machine answers there, or the relay has a new key",
			"ask the relay's admin for the fingerprint; if the key is new: " + setup};
	case SshFailure::no_name:
		return {"its name does not resolve",
			"look at this host's DNS, or name the relay by its address: relays in rassist.conf"};
	case SshFailure::denied:
		return {"it does not accept this device's identity key",
			"on the relay: rassist device token " + serial_of(host) + "; here: rassist activate"};
	case SshFailure::not_reached:
	case SshFailure::other:
		break;
	}
	const std::string said_last = quote_last_line(said);
	return {"it is not reached: " + (said_last.empty() ? "ssh says nothing" : said_last),
		"look at the network on the way there, and whether " + relay.host + " is up"};
}

std::optional<RelayTrouble> find_trouble_in(const EnrollAnswer& answer) {
	if (answer.refused) {
		const std::string said = answer.message.empty()
									 ? std::string(format_refusal(*answer.refused))
									 : escape_for_terminal(answer.message);
		return RelayTrouble{"it says: " + said,
			*answer.refused == Refusal::malformed ? "bring rassist on the relay up to date"
												  : "ask the relay's admin",
			Level::fault};
	}
	const auto time = read_clocks();
	if (time && std::abs(time->wall - answer.time) > kClocksApart) {
		return RelayTrouble{"its clock and this one's are " +
								std::to_string(std::abs(time->wall - answer.time)) +
								" s apart (here " + format_utc(time->wall) + ", there " +
								format_utc(answer.time) + ")",
			"timedatectl set-ntp true, on the one that is wrong", Level::warning};
	}
	return std::nullopt;
}

std::optional<RelayTrouble> look_at_port(
	const ExaminedHost& host, const RelayAddress& relay, int port) {
	const Paths& paths = host.context.paths;
	const RelayLogin login{kDeviceAccount, relay.host, port, paths.identity(), paths.relay_pins(),
		host.config->proxy, paths.agent_ssh_config()};
	const ChildPlan plan{.argv = make_relay_ssh_argv(login, {}, "check"),
		.environment = make_relay_ssh_environment()};
	const auto ssh = host.context.run(
		plan, format_request(CheckRequest{Id::random()}), std::chrono::seconds(30));
	if (!ssh)
		return RelayTrouble{"ssh: " + ssh.error().what, "look at the network on the way there"};
	if (ssh->out.empty())
		return explain_not_reached(host, relay, ssh->err);
	const auto answer = parse_answer(ssh->out);
	if (!answer) {
		return RelayTrouble{"what answers there is no relay of rassist: " + answer.error().what,
			"look at relays in rassist.conf"};
	}
	return find_trouble_in(*answer);
}

}    // namespace

void look_at_relays(ExaminedHost& host) {
	if (!host.config || host.findings.tells_of("identity", host.context.paths.identity()))
		return;
	if (host.config->proxy && access(kSocat, X_OK) != 0) {
		host.findings.fault("proxy is set in rassist.conf, and " + std::string(kSocat) +
								" is missing: no relay is reached",
			"install socat");
		return;
	}
	for (const RelayAddress& relay : host.config->relays) {
		// All ports that are in the same trouble have one sentence. One good port of several is
		// enough for the device.
		std::map<std::string, std::pair<RelayTrouble, std::string>> troubles;
		std::size_t well = 0;
		for (const int port : relay.ports) {
			if (auto trouble = look_at_port(host, relay, port)) {
				auto& [first, ports] =
					troubles.try_emplace(trouble->what, *trouble, "").first->second;
				ports += (ports.empty() ? "" : ",") + std::to_string(port);
			} else {
				++well;
			}
		}
		for (const auto& [what, trouble] : troubles) {
			const std::string sentence = "relay " + relay.host + ":" + trouble.second + ": " + what;
			if (well > 0 || trouble.first.level == Level::warning)
				host.findings.warning(sentence, trouble.first.mend);
			else
				host.findings.fault(sentence, trouble.first.mend);
		}
	}
}

}    // namespace rassist::cli::doctor
