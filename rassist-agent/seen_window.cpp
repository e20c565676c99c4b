#include "rassist-agent/seen_window.hpp"
#include "common/base/lookup.hpp"

namespace rassist::agent {

Lookup<Window> read_seen_window(const Paths& paths, Now& now) {
	auto window = read_window(paths);
	if (!window.found())
		return window;
	const Deadline& deadline = window->deadline;
	if (deadline.boot)
		now.boot_id = deadline.boot->id;
	if (deadline.passed(now))
		return std::nullopt;
	return window;
}

}    // namespace rassist::agent
