// An sshd connection and its correlation id, which is made of its privileged process (pid, start
// time, boot): the key helper, each PAM step and the forced command tell the journal the same id
// without handing anything on.
#pragma once

#include "common/base/journal.hpp"
#include "common/base/parse.hpp"
#include "common/base/result.hpp"

#include <sys/types.h>

#include <optional>
#include <string_view>

namespace rassist {

struct Connection {
	/// the privileged process: it runs PAM's session step, and is the parent of the key helper
	pid_t sshd = 0;
	std::optional<Id> id;    ///< none where that process cannot be looked at

	static Connection of(pid_t sshd);
	/// The connection of a forced command: our parent is its unprivileged process, a child of the
	/// privileged one.
	static Connection of_command();

	/// Adds the id under `name`, and the process as RASSIST_SSHD, by which sshd's own lines are
	/// found.
	void tell(JournalEntry& entry, std::string_view name = "RASSIST_ID") const;
};

}    // namespace rassist
