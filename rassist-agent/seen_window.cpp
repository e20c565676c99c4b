#include "rassist-agent/seen_window.hpp"

namespace rassist::agent {

Result<std::optional<Window>> seen_window(const Paths& paths, Now& now) {
	auto window = read_window(paths);
	if (!window || !window->has_value())
		return window;
	const Deadline& deadline = (*window)->deadline;
	if (deadline.boot)
		now.boot_id = deadline.boot->id;
	if (deadline.passed(now))
		return std::optional<Window>();
	return window;
}

}    // namespace rassist::agent
