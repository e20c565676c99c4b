#include "rassist/enforce/dead_records.hpp"

#include "common/records/revoked_window.hpp"
#include "common/sessions/session.hpp"
#include "common/sessions/session_entry.hpp"
#include "common/system/clock.hpp"
#include "common/system/files.hpp"
#include "common/system/files_write.hpp"

#include <ctime>

namespace rassist::cli {

Status remove_dead_sessions(const Context& context) {
	const auto clock = read_clocks();
	if (!clock)
		return clock.error();
	const auto dead = sweep_sessions(context.paths);
	if (!dead)
		return dead.error();
	for (const Session& session : dead->sessions)
		make_session_end_entry("rassist", session, clock->wall, "its sshd was killed").send();
	return Done{};
}

Status sweep_revoked_windows(const Context& context) {
	const auto folder = Folder::trusted(context.paths.revoked(), context.root);
	if (!folder)
		return folder.error();
	const auto names = folder->names();
	if (!names)
		return names.error();
	const std::int64_t now = std::time(nullptr);
	for (const std::string& name : *names) {
		const auto revoked = read_revoked_window(*folder, name, context.root);
		// A record that is not believed stays, for its owner to look at.
		if (revoked && revoked->expires <= now) {
			if (auto removed = remove_file(*folder, name); !removed)
				return removed;
		}
	}
	return Done{};
}

}    // namespace rassist::cli
