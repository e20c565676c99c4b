// Live sshd connections of ours: sessions/ROLE.SUBJECT/NUMBER, section [session], written by
// pam_rassist as root in the session step. The number rises per subject under that folder's lock,
// for as long as the folder is there; a session is alive while its process (pid and start time) is.
#pragma once

#include "common/base/lookup.hpp"
#include "common/base/parse.hpp"
#include "common/base/paths.hpp"
#include "common/base/result.hpp"
#include "common/records/grant.hpp"

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <vector>

namespace rassist {

struct Session {
	Role role = Role::none;
	std::string subject;        ///< a Serial; for staff a Name
	std::int64_t number = 0;    ///< set by register_session
	pid_t pid = 0;              ///< sshd's privileged process of this connection
	/// its start time, clock ticks since boot (proc(5), stat field 22)
	std::uint64_t started = 0;
	std::string key;    ///< "SHA256:…", or "typed code"
	/// "ADDRESS PORT" of SSH_CONNECTION's client half, "tunnel" where sshd has none
	std::string from;
	std::int64_t since = 0;    ///< UTC seconds
	std::optional<Id> window;
	/// staff: what the key could reach when it logged in, which its connection still can
	std::vector<Scope> scope{};
	Id id = Id::random();    ///< correlation id
};

/// Writes the session's record and fills in its number. The record goes at close, or is swept once
/// its process is dead.
[[nodiscard]] Result<Session> register_session(const Paths& paths, Session session);
[[nodiscard]] Status forget_session(const Paths& paths, const Session& session);
struct SessionList {
	std::vector<Session> sessions;
	/// folders of a role and subject that are not believed; they do not take the others with them
	std::vector<Error> refused;
};

/// Lists all live sessions, or those of one role and subject, by number. Dead ones are left out
/// (and not removed: readers do not write).
[[nodiscard]] Result<SessionList> list_live_sessions(const Paths& paths);
[[nodiscard]] Result<std::vector<Session>> list_live_sessions(
	const Paths& paths, Role role, const std::string& subject);
/// Removes the records of dead processes (sshd was killed before it could close its session), and
/// hands them back: the caller tells the journal. Only root may. Folders that are not believed are
/// left as they are.
[[nodiscard]] Result<SessionList> sweep_sessions(const Paths& paths);
[[nodiscard]] Result<std::vector<Session>> sweep_sessions(
	const Paths& paths, Role role, const std::string& subject);
/// Removes the folders ROLE.SUBJECT that have been empty since that time: a relay meets many a
/// serial once. The result is their number. Only root may.
[[nodiscard]] Result<int> remove_idle_sessions(const Paths& paths, std::time_t since);

}    // namespace rassist
