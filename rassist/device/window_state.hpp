// What a device's verbs share: its window as it is now, and what to tell support.
#pragma once

#include "common/records/agent_status.hpp"
#include "common/records/window.hpp"
#include "common/system/clock.hpp"
#include "rassist/frame/verb.hpp"

#include <optional>

namespace rassist::cli {

struct WindowState {
	Now now;
	std::optional<Window> window;    ///< none while closed
};

[[nodiscard]] Result<WindowState> read_window(const Context& context);

/// UTC seconds at which the window ends.
[[nodiscard]] std::int64_t end_of(const Window& window, const Now& now);
/// "until 2026-11-21 17:30:00 CET (1h 59m left)"
[[nodiscard]] std::string until(const Window& window, const Now& now);

/// What `rassist show` prints. 3 while closed.
[[nodiscard]] Result<int> print_instructions(const Context& context);

struct AgentAccount {
	uid_t uid = 0;
	gid_t gid = 0;
};
/// The account that owns the device's identity and runs the agent. unavailable: systemd-sysusers(8)
/// did not make it.
[[nodiscard]] Result<AgentAccount> agent_account(const Context& context);

/// What the agent of this window tells; none where none runs. (A status file that tells of another
/// window is an older agent's.)
[[nodiscard]] std::optional<AgentStatus> agent_status_of(
	const Context& context, const Window& window);

/// As of systemctl(1) status: "program is not running".
inline constexpr int kExitClosed = 3;

}    // namespace rassist::cli
