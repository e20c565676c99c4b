// The part of session.hpp that goes over the sessions of every role and subject: for the command
// line and the relay's tidying. A login looks at its own alone.
#include "common/base/lookup.hpp"
#include "common/sessions/session.hpp"
#include "common/sessions/session_folder.hpp"
#include "common/system/files.hpp"
#include "common/system/files_write.hpp"
#include "common/system/listing.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <iterator>

namespace rassist {
namespace {

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

/// Whether nothing but our own dot files is in it, and has not been since that time.
bool is_idle(const Folder& folder, std::time_t since) {
	struct stat file {};
	const auto names = folder.names();
	return fstat(folder.fd(), &file) == 0 && file.st_mtime < since && names && names->empty();
}

/// Removes an idle folder, under its lock: who waits for the lock finds out that the folder is
/// gone.
Result<bool> remove_idle(const Folder& folder, std::time_t since) {
	if (!is_idle(folder, since))
		return false;
	const auto lock = FileLock::take(folder, kSessionsLock);
	if (!lock)
		return lock.error().code == Fault::not_found ? Result<bool>(false) : lock.error();
	if (!is_idle(folder, since))
		return false;
	const auto names = list_folder(folder.fd());
	if (!names)
		return names.error().within(folder.path());
	for (const std::string& name : *names)
		if (const auto gone = name == kSessionsLock ? Status(Done{}) : remove_file(folder, name);
			!gone)
			return gone.error();
	if (const auto gone = remove_file(folder, kSessionsLock); !gone)
		return gone.error();
	if (rmdir(folder.path().c_str()) == 0)
		return true;
	// ENOTEMPTY: somebody came in between, with a new lock
	return errno == ENOTEMPTY ? Result<bool>(false) : os_error(errno, folder.path());
}

}    // namespace

Result<SessionList> list_live_sessions(const Paths& paths) {
	const auto subjects = all_subjects(paths);
	if (!subjects)
		return subjects.error();
	SessionList all;
	for (const auto& [role, subject] : *subjects) {
		auto sessions = list_live_sessions(paths, role, subject);
		if (sessions)
			std::move(sessions->begin(), sessions->end(), std::back_inserter(all.sessions));
		else
			all.refused.push_back(std::move(sessions).error());
	}
	return all;
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

Result<int> remove_idle_sessions(const Paths& paths, std::time_t since) {
	const auto subjects = all_subjects(paths);
	if (!subjects)
		return subjects.error();
	int removed = 0;
	Status outcome = Done{};
	for (const auto& [role, subject] : *subjects) {
		const auto folder = open_sessions_folder(paths, role, subject);
		// one that is not believed is for its owner to look at
		if (folder.failed() || folder.absent())
			continue;
		const auto gone = remove_idle(*folder, since);
		if (!gone && outcome)    // the others go all the same
			outcome = gone.error();
		removed += gone && *gone ? 1 : 0;
	}
	if (!outcome)
		return outcome.error();
	return removed;
}

}    // namespace rassist
