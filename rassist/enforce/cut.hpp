// The one way to cut who is connected: the record that lets somebody in is changed first; then the
// sessions it may concern are put into the spool of `rassist sessions --enforce`, which judges them
// by the records and ends what must not be.
#pragma once

#include "common/sessions/session.hpp"
#include "rassist/frame/context.hpp"

#include <functional>
#include <string>
#include <vector>

namespace rassist::cli {

/// The live sessions of a role for which `concerned` is true, of one subject or, where that is "",
/// of all. It warns of those that cannot be read.
[[nodiscard]] Result<std::vector<Session>> select_sessions(const Context& context, Role role,
	const std::string& subject, const std::function<bool(const Session&)>& concerned);

/// Has them judged, waits until that is done, and says how many of them have ended. unavailable: it
/// was not done in time; the records count all the same.
[[nodiscard]] Result<int> judge_and_wait(
	const Context& context, const std::vector<Session>& sessions);

/// Both in one: selects the sessions and has them judged.
[[nodiscard]] Result<int> judge_sessions_of(const Context& context, Role role,
	const std::string& subject, const std::function<bool(const Session&)>& concerned);

/// Marks what reaches less than before (common/sessions/narrowing_mark.hpp). Its record is changed
/// before that, and its sessions are judged after it.
[[nodiscard]] Status write_narrowing_mark(const Context& context, const std::string& name);

}    // namespace rassist::cli
