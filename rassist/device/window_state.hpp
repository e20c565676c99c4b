// A device's window as it is now.
#pragma once

#include "common/records/window.hpp"
#include "common/system/clock.hpp"
#include "rassist/frame/context.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace rassist::cli {

struct WindowState {
	Now now;
	std::optional<Window> window;    ///< none while closed
};

[[nodiscard]] Result<WindowState> read_window(const Context& context);

/// The UTC seconds at which the window ends.
[[nodiscard]] std::int64_t window_end_of(const Window& window, const Now& now);
/// The end for a person: "until 2026-11-21 17:30:00 CET (1h 59m left)".
[[nodiscard]] std::string format_until(const Window& window, const Now& now);

/// The exit code while no window is open, as of systemctl(1) status: "program is not running".
inline constexpr int kExitClosed = 3;

}    // namespace rassist::cli
