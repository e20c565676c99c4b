// Cutting who is connected, the one way: the record that lets somebody in is changed first; then
// the sessions it may concern are put into the spool of `rassist sessions --enforce`, which judges
// them by the records and ends what must not be.
#pragma once

#include "common/sessions/session.hpp"
#include "rassist/frame/verb.hpp"

#include <functional>
#include <string>
#include <vector>

namespace rassist::cli {

/// The live sessions of a role for which `concerned` is true, of one subject or, where that is "",
/// of all. Told of those that cannot be read.
[[nodiscard]] Result<std::vector<Session>> sessions_that(const Context& context, Role role,
	const std::string& subject, const std::function<bool(const Session&)>& concerned);

/// Has them judged and waits until that is done. How many of them have ended. unavailable: not done
/// in time; the records count all the same.
[[nodiscard]] Result<int> have_judged(const Context& context, const std::vector<Session>& sessions);

/// For what reaches less than before (common/sessions/narrowing_mark.hpp): after its record is
/// changed, before its sessions are judged.
[[nodiscard]] Status write_narrowing_mark(const Context& context, const std::string& name);

}    // namespace rassist::cli
