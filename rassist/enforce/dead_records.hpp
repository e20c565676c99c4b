// Takes away records that have outlived what they are about.
#pragma once

#include "common/base/result.hpp"
#include "rassist/frame/context.hpp"

namespace rassist::cli {

/// Takes the records of connections away whose sshd was killed before it could, and tells the
/// journal that they ended.
[[nodiscard]] Status remove_dead_sessions(const Context& context);
/// Takes away the records of revoked windows that no window can outlive.
[[nodiscard]] Status sweep_revoked_windows(const Context& context);

}    // namespace rassist::cli
