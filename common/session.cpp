#include "common/session.hpp"

#include "common/files.hpp"
#include "common/process.hpp"
#include "common/record.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <limits>

namespace rassist {
namespace {

constexpr const char* kLock = ".lock";      ///< below ROLE.SUBJECT/: holds the last number given out, so that it rises although records go
constexpr std::size_t kNumberWidth = 19;    ///< always as many digits: one short write(2), never a mixture of two numbers
constexpr std::size_t kKeyMax = 80;
constexpr std::size_t kFromMax = 80;

std::string folder_of(const Paths& paths, Role role, const std::string& subject) {
	return paths.sessions() + "/" + std::string(role_name(role)) + "." + subject;
}

/// Words of printable ASCII that an INI record gives back as they were.
Result<std::string> parse_line_of(std::string_view text, std::size_t most) {
	const auto plain = [](char c) { return c >= 0x20 && c <= 0x7e && c != ';'; };
	if (text.empty() || text.size() > most || trimmed(text) != text || !std::all_of(text.begin(), text.end(), plain))
		return Error{Fault::invalid, quoted(text) + " is not one to " + std::to_string(most) + " printable characters"};
	return std::string(text);
}

Result<std::string> parse_subject(std::string_view text, Role role) {
	if (role == Role::staff) {
		const auto name = Name::parse(text);
		return name ? Result<std::string>(name->str()) : name.error();
	}
	const auto serial = Serial::parse(text);
	return serial ? Result<std::string>(serial->str()) : serial.error();
}

std::string format_session(const Session& session) {
	IniWriter writer("session");
	writer.add("version", "1").add("role", role_name(session.role)).add("subject", session.subject);
	writer.add("number", std::to_string(session.number)).add("pid", std::to_string(session.pid)).add("started", std::to_string(session.started));
	writer.add("key", session.key).add("from", session.from).add("since", std::to_string(session.since));
	if (session.window)
		writer.add("window", session.window->str());
	writer.add_if("scope", join_words(session.scope, [](const Scope& one) { return one.str(); }));
	writer.add("id", session.id.str());
	return writer.text();
}

/// pid, started, number, since.
Status read_process(IniSection& section, Session& session) {
	const auto pid = read_field(section, "pid", [](std::string_view text) { return parse_integer(text, 2, std::numeric_limits<pid_t>::max()); });
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
	const auto subject = read_field(section, "subject", [&](std::string_view text) { return parse_subject(text, *role); });
	if (!subject)
		return subject.error();
	const auto key = read_field(section, "key", [](std::string_view text) { return parse_line_of(text, kKeyMax); });
	if (!key)
		return key.error();
	const auto from = read_field(section, "from", [](std::string_view text) { return parse_line_of(text, kFromMax); });
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

bool is_alive(const Session& session) {
	const auto started = process_start(session.pid);
	return started && *started == session.started;
}

/// The records of one folder ROLE.SUBJECT, alive or not, by number. One that is damaged, or not of this folder, is nobody's session.
Result<std::vector<Session>> records_in(const Folder& folder, Role role, const std::string& subject) {
	std::vector<Session> sessions;
	const auto names = folder.names();
	if (!names)
		return names.error();
	for (const std::string& name : *names) {
		const auto text = folder.read(name, Trust{.owner = folder.owner()});
		if (!text)
			continue;
		auto session = parse_session(*text, name);
		if (session && session->role == role && session->subject == subject && std::to_string(session->number) == name)
			sessions.push_back(std::move(*session));
	}
	std::sort(sessions.begin(), sessions.end(), [](const Session& a, const Session& b) { return a.number < b.number; });
	return sessions;
}

/// A folder of a role and subject, opened. nullopt: there is none.
Result<std::optional<Folder>> open_sessions(const Paths& paths, Role role, const std::string& subject) {
	auto folder = Folder::open(folder_of(paths, role, subject));
	if (!folder) {
		if (folder.error().code == Fault::not_found)
			return std::optional<Folder>();
		return folder.error();
	}
	if (const auto trusted = folder->require(folder->owner()); !trusted)
		return trusted.error();
	return std::optional(std::move(*folder));
}

Result<std::vector<Session>> all_records(const Paths& paths, Role role, const std::string& subject) {
	const auto folder = open_sessions(paths, role, subject);
	if (!folder)
		return folder.error();
	if (!folder->has_value())
		return std::vector<Session>();
	return records_in(**folder, role, subject);
}

/// Every (role, subject) that has a folder.
Result<std::vector<std::pair<Role, std::string>>> all_subjects(const Paths& paths) {
	std::vector<std::pair<Role, std::string>> subjects;
	const auto folder = Folder::open(paths.sessions());
	if (!folder) {
		if (folder.error().code == Fault::not_found)
			return subjects;
		return folder.error();
	}
	const auto names = folder->names();
	if (!names)
		return names.error();
	for (const std::string& name : *names) {
		const auto dot = name.find('.');
		if (dot == std::string::npos)
			continue;
		const auto role = parse_role(std::string_view(name).substr(0, dot));
		if (const auto subject = name.substr(dot + 1); role && parse_subject(subject, *role))
			subjects.emplace_back(*role, subject);
	}
	return subjects;
}

/// The number after the last one, written down. Called with the lock held.
Result<std::int64_t> next_number(const FileLock& lock, const std::string& path) {
	std::array<char, kNumberWidth + 2> held{};
	const ssize_t size = pread(lock.fd(), held.data(), held.size(), 0);
	if (size < 0)
		return os_error(errno, path);
	std::int64_t last = 0;
	if (size > 0) {
		const auto number = parse_integer(trimmed({held.data(), static_cast<std::size_t>(size)}), 0, std::numeric_limits<std::int64_t>::max() - 1);
		if (!number)
			return number.error().within(path);
		last = *number;
	}
	std::string text = std::to_string(last + 1);
	text = std::string(kNumberWidth - text.size(), '0') + text + "\n";
	if (pwrite(lock.fd(), text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
		return os_error(errno, path);
	return last + 1;
}

/// Called with the folder's lock held, so that each dead session is found by one alone.
Result<std::vector<Session>> sweep_folder(const Folder& folder, Role role, const std::string& subject) {
	auto sessions = records_in(folder, role, subject);
	if (!sessions)
		return sessions.error();
	std::erase_if(*sessions, [](const Session& one) { return is_alive(one); });
	for (const Session& session : *sessions)
		if (const auto gone = remove_file(folder, std::to_string(session.number)); !gone)
			return gone.error();
	return sessions;
}

}    // namespace

Result<Session> register_session(const Paths& paths, Session session) {
	const auto subject = parse_subject(session.subject, session.role);
	if (!subject)
		return subject.error();
	session.subject = *subject;
	for (const auto& [text, most] : {std::pair(&session.key, kKeyMax), std::pair(&session.from, kFromMax)})
		if (const auto line = parse_line_of(*text, most); !line)
			return line.error();
	const std::string path = folder_of(paths, session.role, session.subject);
	const auto above = Folder::own(paths.sessions());    // who may write it could put another folder in this one's place
	if (!above)
		return above.error();
	const auto folder = Folder::own(path);
	if (!folder)
		return folder.error();
	const auto lock = FileLock::take(*folder, kLock);
	if (!lock)
		return lock.error();
	const auto number = next_number(*lock, path + "/" + kLock);
	if (!number)
		return number.error();
	session.number = *number;
	const std::string text = format_session(session);
	if (const auto readable = parse_session(text, "session"); !readable)
		return readable.error();
	if (const auto written = write_file(*folder, std::to_string(*number), text, Attributes{.owner = {}, .group = {}, .durable = false}); !written)
		return written.error();
	return session;
}

Status forget_session(const Paths& paths, const Session& session) {
	const auto folder = open_sessions(paths, session.role, session.subject);
	if (!folder)
		return folder.error();
	if (!folder->has_value())
		return Done{};
	return remove_file(**folder, std::to_string(session.number));
}

Result<std::optional<Session>> session_of_process(const Paths& paths, Role role, const std::string& subject, pid_t pid) {
	auto sessions = live_sessions(paths, role, subject);
	if (!sessions)
		return sessions.error();
	const auto found = std::find_if(sessions->rbegin(), sessions->rend(), [&](const Session& one) { return one.pid == pid; });
	if (found == sessions->rend())
		return std::optional<Session>();
	return std::optional(std::move(*found));
}

Result<std::vector<Session>> live_sessions(const Paths& paths, Role role, const std::string& subject) {
	auto sessions = all_records(paths, role, subject);
	if (sessions)
		std::erase_if(*sessions, [](const Session& one) { return !is_alive(one); });
	return sessions;
}

Result<SessionList> live_sessions(const Paths& paths) {
	const auto subjects = all_subjects(paths);
	if (!subjects)
		return subjects.error();
	SessionList all;
	for (const auto& [role, subject] : *subjects) {
		auto sessions = live_sessions(paths, role, subject);
		if (sessions)
			std::move(sessions->begin(), sessions->end(), std::back_inserter(all.sessions));
		else
			all.refused.push_back(std::move(sessions).error());
	}
	return all;
}

Result<std::vector<Session>> sweep_sessions(const Paths& paths, Role role, const std::string& subject) {
	const auto folder = open_sessions(paths, role, subject);
	if (!folder)
		return folder.error();
	if (!folder->has_value())
		return std::vector<Session>();
	const auto lock = FileLock::take(**folder, kLock);
	if (!lock)
		return lock.error();
	return sweep_folder(**folder, role, subject);
}

Result<SessionList> sweep_sessions(const Paths& paths) {
	const auto subjects = all_subjects(paths);
	if (!subjects)
		return subjects.error();
	SessionList all;
	for (const auto& [role, subject] : *subjects) {
		auto dead = sweep_sessions(paths, role, subject);
		if (dead)
			std::move(dead->begin(), dead->end(), std::back_inserter(all.sessions));
		else
			all.refused.push_back(std::move(dead).error());
	}
	return all;
}

}    // namespace rassist
