// What the decisions need from outside: PAM's conversation, the journal, the clock, this process.
// The module has one (pam_world.hpp), tests have theirs.
#pragma once

#include "common/base/journal.hpp"
#include "common/base/paths.hpp"
#include "common/base/result.hpp"
#include "common/base/secret.hpp"
#include "common/records/window.hpp"
#include "common/sessions/session.hpp"
#include "common/system/clock.hpp"

#include <sys/types.h>

#include <optional>
#include <string>

namespace rassist::pam {

/// What an entry point answers. Denied is zero, so that a forgotten answer lets nobody in.
enum class Decision {
	denied,
	closed,       ///< denied: the window is closed
	exhausted,    ///< denied: no further try makes sense on this connection
	foreign,      ///< not an account of ours
	allowed,
};

class World {
public:
	World() = default;
	World(const World&) = delete;
	World& operator=(const World&) = delete;
	virtual ~World() = default;

	[[nodiscard]] virtual const Paths& paths() const = 0;
	[[nodiscard]] virtual uid_t root() const = 0;    ///< 0; the tests' own uid in theirs
	[[nodiscard]] virtual Result<Now> clock() = 0;
	virtual void log(const JournalEntry& entry) = 0;

	/// One line typed without echo.
	[[nodiscard]] virtual Result<Secret> ask(const std::string& prompt) = 0;
	/// One line for the person who logs in. Never a secret, never more than they may know.
	virtual void tell(const std::string& sentence) = 0;

	/// sshd's privileged process of this connection. The session step runs in it.
	[[nodiscard]] virtual pid_t process() const = 0;
	/// From session open to session close of the same connection.
	[[nodiscard]] virtual Status keep(Session session) = 0;
	[[nodiscard]] virtual std::optional<Session> kept() = 0;
	/// Ends this connection: a session step that is merely refused leaves `ssh -N` connected.
	virtual void end_connection() = 0;
};

/// Reads the window that is open at this moment. expired: none is.
[[nodiscard]] Result<Window> read_open_window(World& world);

}    // namespace rassist::pam
