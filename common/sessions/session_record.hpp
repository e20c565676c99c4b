// The record of a session as text. For session.cpp alone.
#pragma once

#include "common/sessions/session.hpp"

#include <string>
#include <string_view>

namespace rassist {

/// Refuses a session whose key or from is no line that a record gives back as it was.
[[nodiscard]] Status check_session_lines(const Session& session);
[[nodiscard]] std::string format_session(const Session& session);
[[nodiscard]] Result<Session> parse_session(std::string_view text, std::string_view file_name);

}    // namespace rassist
