// What the window's unit writes for others to read: the door's forwarding rules, the right for
// sudo, the names and times that PID 1 wants. Pure.
#pragma once

#include "common/base/parse.hpp"
#include "common/base/parse_network.hpp"
#include "common/records/config.hpp"
#include "common/records/window.hpp"
#include "common/system/clock.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rassist::window_unit {

/// What -L and -W of support may open on the device's side, as sshd compares it: the requested
/// text, so a loopback address stands under each of its names. Port 0 stands for any port, host "*"
/// for any host (common/records/grant.hpp).
[[nodiscard]] std::vector<HostPort> reach_of(const Config& config);

/// The line PermitOpen of sshd_config(5): the door's own rule, which also holds where the code was
/// typed and no key's options apply.
[[nodiscard]] std::string format_door_config(const std::vector<HostPort>& reach);

/// The rule of sudoers(5): everything without a password until `until` (UTC seconds), in the
/// generalized time of NOTAFTER.
[[nodiscard]] std::string format_sudo_rule(std::int64_t until);

/// The time in the form of systemd.time(7): "2026-11-21 16:20:00 UTC".
[[nodiscard]] std::string format_calendar_time(std::int64_t until);

/// The name of the transient timer of one deadline, which starts the service
/// rassist-deadline@….service of the same name.
[[nodiscard]] std::string timer_name_of(const Window& window);
inline constexpr std::string_view kTimerPattern = "rassist-deadline@*.timer";

/// The line for `systemctl status`: "open until 16:20 UTC (2h), serial sn123; `rassist show` tells
/// the code". The date is in it where it is another day.
[[nodiscard]] std::string format_open_status(const Window& window, const Now& now);

/// "16:20 UTC", with the date where it is not the day of `now`.
[[nodiscard]] std::string format_clock_time(std::int64_t at, const Now& now);

}    // namespace rassist::window_unit
