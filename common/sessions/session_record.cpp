#include "common/sessions/session_record.hpp"

#include "common/records/record.hpp"

#include <algorithm>
#include <limits>

namespace rassist {
namespace {

constexpr std::size_t kKeyMax = 80;
constexpr std::size_t kFromMax = 80;

/// Words of printable ASCII that an INI record gives back as they were.
Result<std::string> parse_line_of(std::string_view text, std::size_t most) {
	const auto plain = [](char c) { return c >= 0x20 && c <= 0x7e && c != ';'; };
	if (text.empty() || text.size() > most || trimmed(text) != text ||
		!std::all_of(text.begin(), text.end(), plain))
		return Error{Fault::invalid,
			quoted(text) + " is not one to " + std::to_string(most) + " printable characters"};
	return std::string(text);
}

/// pid, started, number, since.
Status read_process(IniSection& section, Session& session) {
	const auto pid = read_field(section, "pid", [](std::string_view text) {
		return parse_integer(text, 2, std::numeric_limits<pid_t>::max());
	});
	if (!pid)
		return pid.error();
	const auto started = read_field(section, "started", parse_count);
	if (!started)
		return started.error();
	const auto number = read_field(section, "number", parse_count);
	if (!number)
		return number.error();
	const auto since = read_field(section, "since", parse_count);
	if (!since)
		return since.error();
	session.pid = static_cast<pid_t>(*pid);
	session.started = static_cast<std::uint64_t>(*started);
	session.number = *number;
	session.since = *since;
	return Done{};
}

/// Who: role, subject, key, from, window, scope, id.
Status read_person(IniSection& section, Session& session) {
	const auto role = read_field(section, "role", parse_role);
	if (!role)
		return role.error();
	const auto subject = read_field(
		section, "subject", [&](std::string_view text) { return parse_subject(text, *role); });
	if (!subject)
		return subject.error();
	const auto key = read_field(
		section, "key", [](std::string_view text) { return parse_line_of(text, kKeyMax); });
	if (!key)
		return key.error();
	const auto from = read_field(
		section, "from", [](std::string_view text) { return parse_line_of(text, kFromMax); });
	if (!from)
		return from.error();
	const auto id = read_field(section, "id", Id::parse);
	if (!id)
		return id.error();
	session.role = *role;
	session.subject = *subject;
	session.key = *key;
	session.from = *from;
	session.id = *id;
	if (section.has("window")) {
		const auto window = read_field(section, "window", Id::parse);
		if (!window)
			return window.error();
		session.window = *window;
	}
	auto scope = read_words<Scope>(section, "scope", Scope::parse);
	if (!scope)
		return scope.error();
	session.scope = std::move(*scope);
	return Done{};
}

}    // namespace

Status check_session_lines(const Session& session) {
	for (const auto& [text, most] :
		{std::pair(&session.key, kKeyMax), std::pair(&session.from, kFromMax)})
		if (const auto parsed = parse_line_of(*text, most); !parsed)
			return parsed.error();
	return Done{};
}

std::string format_session(const Session& session) {
	IniWriter writer("session");
	writer.add("version", "1")
		.add("role", format_role(session.role))
		.add("subject", session.subject);
	writer.add("number", std::to_string(session.number))
		.add("pid", std::to_string(session.pid))
		.add("started", std::to_string(session.started));
	writer.add("key", session.key)
		.add("from", session.from)
		.add("since", std::to_string(session.since));
	if (session.window)
		writer.add("window", session.window->str());
	writer.add_if("scope", join_words(session.scope, [](const Scope& one) { return one.str(); }));
	writer.add("id", session.id.str());
	return writer.text();
}

Result<Session> parse_session(std::string_view text, std::string_view file_name) {
	auto section = IniSection::read(text, "session", file_name);
	if (!section)
		return section.error();
	if (const auto version = section->version(); !version)
		return version.error();
	Session session;
	for (const auto part : {read_person, read_process})
		if (const auto done = part(*section, session); !done)
			return done.error();
	if (const auto rest = section->finish(); !rest)
		return rest.error();
	return session;
}

}    // namespace rassist
