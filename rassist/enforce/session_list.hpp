// What more than one listing prints.
#pragma once

#include "common/base/json.hpp"
#include "common/sessions/session.hpp"

#include <iosfwd>
#include <vector>

namespace rassist::cli {

[[nodiscard]] Json session_json(const Session& session);
void print_sessions(std::ostream& out, const std::vector<Session>& sessions);

}    // namespace rassist::cli
