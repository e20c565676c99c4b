// The window as the agent sees it.
#pragma once

#include "common/base/lookup.hpp"
#include "common/base/paths.hpp"
#include "common/records/window.hpp"
#include "common/system/clock.hpp"

#include <optional>

namespace rassist::agent {

/// The open window. The agent's sandbox has a /proc of its own, and inside a container that shows
/// the host's boot id, not the container's: the record lies in /run, which does not outlive a boot,
/// so the agent takes the boot id from it, into `now` too. Nobody logs in by what the agent
/// believes.
[[nodiscard]] Lookup<Window> read_seen_window(const Paths& paths, Now& now);

}    // namespace rassist::agent
