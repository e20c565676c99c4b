// Sessions as the listings of several verbs show them.
#pragma once

#include "common/base/json.hpp"
#include "common/sessions/session.hpp"

#include <iosfwd>
#include <vector>

namespace rassist::cli {

[[nodiscard]] Json make_session_json(const Session& session);
[[nodiscard]] Json make_sessions_json(const std::vector<Session>& sessions);
void print_sessions(std::ostream& out, const std::vector<Session>& sessions);

}    // namespace rassist::cli
