// The window as the agent sees it, whose sandbox may show another boot id than the system has.
#pragma once

#include "common/base/lookup.hpp"
#include "common/base/paths.hpp"
#include "common/records/window.hpp"
#include "common/system/clock.hpp"

#include <optional>

namespace rassist::agent {

/// Reads the open window; absent where there is none or its time is over. The agent's sandbox has a
/// /proc of its own, and inside a container that shows the host's boot id, not the container's. The
/// record lies in /run, which does not outlive a boot, so the agent takes the boot id from the
/// record, into `now` too. Nobody logs in by what the agent believes.
[[nodiscard]] Lookup<Window> read_seen_window(const Paths& paths, Now& now);

}    // namespace rassist::agent
