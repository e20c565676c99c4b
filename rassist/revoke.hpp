// What is revoked, kept and swept.
#pragma once

#include "rassist/verb.hpp"

namespace rassist::cli {

/// Takes away the records of revoked windows that no window can outlive.
[[nodiscard]] Status sweep_revoked(const Context& context);

}    // namespace rassist::cli
