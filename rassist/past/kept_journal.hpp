// Whether the journal remembers what `why` and `history` are asked for.
#pragma once

#include "rassist/frame/context.hpp"

namespace rassist::cli {

/// Warns where the journal does not outlive a restart of the machine.
void warn_of_unkept_journal(const Context& context);

}    // namespace rassist::cli
