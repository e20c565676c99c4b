// Ends sessions: their sshd is asked first, and then killed with all that runs below it.
#pragma once

#include "common/base/paths.hpp"
#include "common/base/result.hpp"
#include "common/sessions/session.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace rassist {

/// Ends a session and everything below it, and waits until it has: SIGTERM to its sshd (which
/// passes it on to its child), after `grace` SIGKILL to the whole process tree below. It is found
/// by pidfd and start time, so no stranger is hit. ok where it had ended by itself; busy where it
/// lives on after that.
[[nodiscard]] Status end_session(const Session& session, std::chrono::milliseconds grace);
/// Sends SIGHUP to what runs for the sessions with a number below `number`: a newer one takes their
/// place. They have a moment to pass it on and go (rassist-hold(8)); displace_sessions ends those
/// that stay. The result is their number.
int ask_to_say_goodbye(
	const Paths& paths, Role role, const std::string& subject, std::int64_t number);
/// Ends every live session of this role and subject with a number below `number`; sessions from
/// `number` on are left alone. The result is their number. Records of those that had to be killed
/// stay for the sweep.
[[nodiscard]] Result<int> displace_sessions(const Paths& paths, Role role,
	const std::string& subject, std::int64_t number, std::chrono::milliseconds grace);

}    // namespace rassist
