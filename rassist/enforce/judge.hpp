// What makes a live session of the relay one that must end, by the records. It changes nothing.
#pragma once

#include "common/sessions/session.hpp"
#include "common/system/clock.hpp"
#include "rassist/frame/context.hpp"

#include <chrono>
#include <string>

namespace rassist::cli {

/// How long a login of this role may take to become what it is for: a tunnel to be ready, an
/// enrolment to be done.
[[nodiscard]] std::chrono::seconds login_time_of(Role role);

struct SessionVerdict {
	enum class Is { over, wait, fine };    ///< it must end; it is too young to say; it may stay
	Is is = Is::over;
	std::string why;    ///< where it is over
};

/// What the records say of a live session of the relay. `grown`: it is older than login_time_of()
/// allows; `newest`: there is no later session of the same role and subject.
[[nodiscard]] SessionVerdict judge_session(
	const Context& context, const Session& session, bool grown, bool newest, const Now& now);

}    // namespace rassist::cli
