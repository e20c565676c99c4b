#include "common/sessions/session_entry.hpp"

#include <algorithm>
#include <chrono>

namespace rassist {

std::string format_session_name(const Session& session) {
	return std::string(format_role(session.role)) + " session " + std::to_string(session.number) +
		   " of " + session.subject;
}

JournalEntry make_session_entry(std::string_view program, const Session& session, Priority priority,
	std::string_view message_id, const std::string& sentence) {
	JournalEntry entry(program, priority, message_id, sentence);
	entry.field(session.role == Role::staff ? "RASSIST_SUBJECT" : "RASSIST_SERIAL", session.subject)
		.field("RASSIST_ROLE", format_role(session.role));
	entry.field("RASSIST_FINGERPRINT", session.key == kTypedCode ? "" : session.key)
		.field("RASSIST_FROM", session.from);
	entry.field("RASSIST_ID", session.id.str()).field("RASSIST_SSHD", std::to_string(session.pid));
	if (session.window)
		entry.field("RASSIST_WINDOW", session.window->str());
	return entry;
}

JournalEntry make_session_end_entry(
	std::string_view program, const Session& session, std::int64_t now, std::string_view why) {
	const std::chrono::seconds lasted(std::max<std::int64_t>(0, now - session.since));
	const std::string text = format_session_name(session) + " ended after " +
							 format_duration(lasted) + ": " + std::string(why);
	JournalEntry entry =
		make_session_entry(program, session, Priority::notice, message::kSessionEnded, text);
	entry.field("RASSIST_REASON", why).field("RASSIST_DURATION", std::to_string(lasted.count()));
	return entry;
}

}    // namespace rassist
