#include "pam_rassist/world.hpp"

namespace rassist::pam {

Result<Window> read_open_window(World& world) {
	const auto time = world.clock();
	if (!time)
		return time.error();
	auto window = find_open_window(world.paths(), *time, world.root());
	if (window.failed())
		return window.error();
	if (window.absent())
		return Error{Fault::expired, "the assistance window is closed"};
	return std::move(*window);
}

}    // namespace rassist::pam
