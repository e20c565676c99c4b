// The record of a session as text. For session.cpp alone.
#pragma once

#include "common/sessions/session.hpp"

#include <string>
#include <string_view>

namespace rassist {

/// Whether key and from are lines that a record gives back as they were.
[[nodiscard]] Status check_session_lines(const Session& session);
[[nodiscard]] std::string format_session(const Session& session);
[[nodiscard]] Result<Session> parse_session(std::string_view text, std::string_view file_name);

}    // namespace rassist
