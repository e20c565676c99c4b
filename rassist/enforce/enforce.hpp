// `rassist sessions --enforce`: it looks at every live session of the relay, and at those that its
// spool names as they come, until each is either what it should be or over.
#pragma once

#include "common/sessions/session.hpp"
#include "common/sessions/spool_entry.hpp"
#include "rassist/frame/context.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace rassist::cli {

/// How long a session that is to end may take by itself before it is killed.
inline constexpr std::chrono::milliseconds kTimeToLeave{2000};

/// The spool entry that asks for a look at everybody.
inline constexpr std::string_view kEverybody = "all";

/// Judges all, and works the spool off. It ends when nothing is left to judge.
[[nodiscard]] Result<int> enforce_sessions(Context& context);

}    // namespace rassist::cli
