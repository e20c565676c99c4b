// sessions: it says who is logged in through rassist now, on a device or on a relay.
#include "rassist/enforce/enforce.hpp"
#include "rassist/enforce/session_list.hpp"
#include "rassist/frame/actions.hpp"
#include "rassist/frame/json_list.hpp"
#include "rassist/frame/terminal.hpp"

#include <sysexits.h>

#include <ostream>

namespace rassist::cli {

Result<int> sessions_verb(Context& context, const Arguments& arguments) {
	if (arguments.has("enforce")) {
		if (arguments.has("json"))
			return context.usage("--enforce and --json do not go together");
		if (!context.is_root()) {
			return context.fail(
				EX_NOPERM, "only root may do this: sudo rassist sessions --enforce");
		}
		return enforce_sessions(context);
	}
	const auto sessions = list_live_sessions(context.paths);
	if (!sessions)
		return sessions.error();
	for (const Error& refused : sessions->refused)
		context.warn(refused.what + "; its sessions are not shown");
	if (arguments.has("json")) {
		JsonList list(context.out);
		for (const Session& session : sessions->sessions)
			list.add(make_session_json(session));
		return EX_OK;
	}
	if (sessions->sessions.empty()) {
		context.out << "Nobody is logged in.\n";
		return EX_OK;
	}
	print_sessions(context.out, sessions->sessions);
	return EX_OK;
}

}    // namespace rassist::cli
