// What the customer tells support while the window is open.
#pragma once

#include "rassist/frame/context.hpp"

namespace rassist::cli {

/// Prints what `rassist show` prints. It hands back kExitClosed while no window is open.
[[nodiscard]] Result<int> print_instructions(const Context& context);

}    // namespace rassist::cli
