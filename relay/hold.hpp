// The forced command of a tunnel key. The tunnel lasts as long as this program runs: it says when
// the tunnel is up, keeps watch over both sides, and ends the tunnel.
#pragma once

#include "common/base/parse.hpp"
#include "common/base/paths.hpp"
#include "common/base/result.hpp"
#include "common/records/config.hpp"
#include "relay/listening_places.hpp"
#include "relay/own_sshd.hpp"
#include "relay/tunnel_verdict.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace rassist::hold {

/// Parses SSH_ORIGINAL_COMMAND, which must be "hold ID": a tunnel key may ask for nothing else.
[[nodiscard]] Result<Id> parse_command(std::string_view text);

struct HoldPlan {
	Paths paths;
	Config config;
	Serial serial;
	int in = 0;     ///< from the device
	int out = 1;    ///< to the device
	std::string proc_net = "/proc/net";
	uid_t root = 0;
};

/// Holds the tunnel until it has to end, and says `bye` to the device. `signals` is a signalfd of
/// the signals that tell us to go. `on_up` is called once, when the tunnel is up. The caller has to
/// end the sshd afterwards.
[[nodiscard]] TunnelEnd hold_tunnel(const HoldPlan& plan, const OwnSshd& sshd, int signals,
	const std::function<void(const TunnelWindow&, const ListeningPlaces&)>& on_up);

/// Says `bye` where nothing else was said before. It never waits.
void say_bye(int out, Bye bye) noexcept;

}    // namespace rassist::hold
