// Records that outlived what they are about, taken away.
#pragma once

#include "common/base/result.hpp"
#include "rassist/frame/verb.hpp"

namespace rassist::cli {

/// Takes the records of connections away whose sshd was killed before it could, and tells the
/// journal that they ended.
[[nodiscard]] Status bury_sessions(const Context& context);
/// Takes away the records of revoked windows that no window can outlive.
[[nodiscard]] Status sweep_revoked_windows(const Context& context);

}    // namespace rassist::cli
