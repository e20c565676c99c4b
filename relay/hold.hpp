// The forced command of a tunnel key: the tunnel lasts as long as this runs. It says when the
// tunnel is up, keeps it under the eyes of both sides, and ends it.
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

/// SSH_ORIGINAL_COMMAND, which must be "hold ID": the only command a tunnel key may ask for.
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

/// Stands until the tunnel has to end, and says `bye`. `signals` is a signalfd of what tells us to
/// go. `on_up` is called once, when the tunnel is up. What is left to the caller is to end the
/// sshd.
[[nodiscard]] TunnelEnd hold_tunnel(const HoldPlan& plan, const OwnSshd& sshd, int signals,
	const std::function<void(const TunnelWindow&, const ListeningPlaces&)>& on_up);

/// `bye` where nothing else has been said. Never waits.
void say_bye(int out, Bye bye) noexcept;

}    // namespace rassist::hold
