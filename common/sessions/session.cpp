#include "common/sessions/session.hpp"

#include "common/base/lookup.hpp"
#include "common/sessions/session_folder.hpp"
#include "common/sessions/session_record.hpp"
#include "common/system/files.hpp"
#include "common/system/files_write.hpp"
#include "common/system/process.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>

namespace rassist {
namespace {

/// always as many digits: one short write(2), never a mixture of two numbers
constexpr std::size_t kNumberWidth = 19;

bool is_alive(const Session& session) {
	const auto started = read_process_start(session.pid);
	return started && *started == session.started;
}

/// The records of one folder ROLE.SUBJECT, alive or not, by number. One that is damaged, or not of
/// this folder, is nobody's session.
Result<std::vector<Session>> records_in(
	const Folder& folder, Role role, const std::string& subject) {
	std::vector<Session> sessions;
	const auto names = folder.names();
	if (!names)
		return names.error();
	for (const std::string& name : *names) {
		const auto text = folder.read(name, Trust{.owner = folder.owner()});
		if (!text)
			continue;
		auto session = parse_session(*text, name);
		if (session && session->role == role && session->subject == subject &&
			std::to_string(session->number) == name)
			sessions.push_back(std::move(*session));
	}
	std::sort(sessions.begin(), sessions.end(),
		[](const Session& a, const Session& b) { return a.number < b.number; });
	return sessions;
}

Result<std::vector<Session>> all_records(
	const Paths& paths, Role role, const std::string& subject) {
	const auto folder = open_sessions_folder(paths, role, subject);
	if (folder.failed())
		return folder.error();
	if (folder.absent())
		return std::vector<Session>();
	auto records = records_in(*folder, role, subject);
	if (!records && records.error().code == Fault::not_found)    // tidied away under us
		return std::vector<Session>();
	return records;
}

/// The number after the last one, written down. Called with the lock held.
Result<std::int64_t> next_number(const FileLock& lock, const std::string& path) {
	std::array<char, kNumberWidth + 2> held{};
	const ssize_t size = pread(lock.fd(), held.data(), held.size(), 0);
	if (size < 0)
		return os_error(errno, path);
	std::int64_t last = 0;
	if (size > 0) {
		const auto number = parse_integer(trimmed({held.data(), static_cast<std::size_t>(size)}), 0,
			std::numeric_limits<std::int64_t>::max() - 1);
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

/// A folder ROLE.SUBJECT under its lock.
struct LockedFolder {
	Folder folder;
	FileLock lock;
};

/// The folder to register in. One that remove_idle_sessions takes away meanwhile is made anew.
Result<LockedFolder> lock_own_folder(const std::string& path) {
	for (;;) {
		auto folder = Folder::own(path);
		if (!folder)
			return folder.error();
		auto lock = FileLock::take(*folder, kSessionsLock);
		if (lock)
			return LockedFolder{std::move(*folder), std::move(*lock)};
		if (lock.error().code != Fault::not_found)
			return lock.error();
	}
}

/// Called with the folder's lock held, so that each dead session is found by one alone.
Result<std::vector<Session>> sweep_folder(
	const Folder& folder, Role role, const std::string& subject) {
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
	if (const auto lines = check_session_lines(session); !lines)
		return lines.error();
	const std::string path = sessions_folder_of(paths, session.role, session.subject);
	// who may write it could put another folder in this one's place
	const auto above = Folder::own(paths.sessions());
	if (!above)
		return above.error();
	const auto place = lock_own_folder(path);
	if (!place)
		return place.error();
	const auto number = next_number(place->lock, path + "/" + kSessionsLock);
	if (!number)
		return number.error();
	session.number = *number;
	const std::string text = format_session(session);
	if (const auto readable = parse_session(text, "session"); !readable)
		return readable.error();
	if (const auto written = write_file(place->folder, std::to_string(*number), text,
			Attributes{.owner = {}, .group = {}, .durable = false});
		!written)
		return written.error();
	return session;
}

Status forget_session(const Paths& paths, const Session& session) {
	const auto folder = open_sessions_folder(paths, session.role, session.subject);
	if (folder.failed())
		return folder.error();
	if (folder.absent())
		return Done{};
	return remove_file(*folder, std::to_string(session.number));
}

Result<std::vector<Session>> list_live_sessions(
	const Paths& paths, Role role, const std::string& subject) {
	auto sessions = all_records(paths, role, subject);
	if (sessions)
		std::erase_if(*sessions, [](const Session& one) { return !is_alive(one); });
	return sessions;
}

Result<std::vector<Session>> sweep_sessions(
	const Paths& paths, Role role, const std::string& subject) {
	const auto folder = open_sessions_folder(paths, role, subject);
	if (folder.failed())
		return folder.error();
	if (folder.absent())
		return std::vector<Session>();
	const auto lock = FileLock::take(*folder, kSessionsLock);
	if (!lock)
		return lock.error().code == Fault::not_found
				   ? Result<std::vector<Session>>(std::vector<Session>())
				   : lock.error();
	return sweep_folder(*folder, role, subject);
}

}    // namespace rassist
