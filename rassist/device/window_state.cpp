#include "rassist/device/window_state.hpp"

#include "rassist/frame/terminal.hpp"

namespace rassist::cli {

Result<WindowState> read_window(const Context& context) {
	auto clock = read_clocks();
	if (!clock)
		return std::move(clock).error();
	auto window = find_open_window(context.paths, *clock, context.root);
	if (window.failed())
		return std::move(window).error();
	return WindowState{*std::move(clock), std::move(window).optional()};
}

std::int64_t window_end_of(const Window& window, const Now& now) {
	return now.wall + window.deadline.remaining(now).count();
}

std::string format_until(const Window& window, const Now& now) {
	return "until " + format_local_time(window_end_of(window, now)) + " (" +
		   format_duration(window.deadline.remaining(now)) + " left)";
}

}    // namespace rassist::cli
