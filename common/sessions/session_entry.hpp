// Journal entries about sessions: every program tells the journal the same of a session.
#pragma once

#include "common/base/journal.hpp"
#include "common/sessions/session.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace rassist {

/// "typed code": a session's key where there was none.
inline constexpr std::string_view kTypedCode = "typed code";

/// "tunnel session 3 of sn123"
[[nodiscard]] std::string format_session_name(const Session& session);

/// Makes an entry with all that is known of the session.
[[nodiscard]] JournalEntry make_session_entry(std::string_view program, const Session& session,
	Priority priority, std::string_view message_id, const std::string& sentence);

/// Makes the entry of the session's end, with its duration. There is one for each session: the
/// program that takes the record away (PAM's close, or the sweep of the dead) sends it.
[[nodiscard]] JournalEntry make_session_end_entry(
	std::string_view program, const Session& session, std::int64_t now, std::string_view why);

}    // namespace rassist
