// `rassist sessions --enforce`: every live session of the relay, and those named in its spool as
// they come, are looked at until each is either what it should be or over.
#pragma once

#include "common/sessions/session.hpp"
#include "common/sessions/spool_entry.hpp"
#include "rassist/frame/verb.hpp"

#include <string>

namespace rassist::cli {

/// How long a session that is to end may take by itself before it is killed.
inline constexpr std::chrono::milliseconds kTimeToLeave{2000};

/// How long a login may take to become what it is for: a tunnel to be ready, an enrolment to be
/// done.
[[nodiscard]] std::chrono::seconds patience(Role role);

struct SessionVerdict {
	enum class Is { over, wait, fine };    ///< to be ended; too young to say; may stay
	Is is = Is::over;
	std::string why;    ///< where it is over
};

/// What the records say of a live session of the relay. `grown`: older than patience() allows;
/// `newest`: no later session of the same role and subject.
[[nodiscard]] SessionVerdict judge(
	const Context& context, const Session& session, bool grown, bool newest, const Now& now);

/// The spool entry that asks for a look at everybody.
inline constexpr std::string_view kEverybody = "all";

/// Judges all, and works the spool off. Ends when nothing is left to judge.
[[nodiscard]] Result<int> enforce(Context& context);

}    // namespace rassist::cli
