// sessions: who is logged in through rassist now, on a device or on a relay.
#include "rassist/enforce/enforce.hpp"
#include "rassist/enforce/session_list.hpp"
#include "rassist/frame/actions.hpp"
#include "rassist/frame/json_list.hpp"
#include "rassist/frame/terminal.hpp"

#include <sysexits.h>

#include <ostream>

namespace rassist::cli {

Json session_json(const Session& session) {
	Json json = Json::object();
	json.text("role", format_role(session.role))
		.text("subject", session.subject)
		.number("number", session.number)
		.text("since", format_utc(session.since))
		.text("key", session.key)
		.text("from", session.from)
		.number("pid", session.pid)
		.text_or_null("window", session.window ? session.window->str() : "")
		.text("id", session.id.str());
	if (session.role == Role::staff) {
		Json scope = Json::array();
		for (const Scope& one : session.scope)
			scope.add(one.str());
		json.put("scope", std::move(scope));
	}
	return json;
}

void print_sessions(std::ostream& out, const std::vector<Session>& sessions) {
	Columns columns({"ROLE", "SUBJECT", "SINCE", "FROM", "KEY"});
	for (const Session& session : sessions) {
		columns.add({std::string(format_role(session.role)), session.subject,
			local_time(session.since), shown(session.from), shown(session.key)});
	}
	columns.print(out);
}

Result<int> sessions_verb(Context& context, const Arguments& arguments) {
	if (arguments.has("enforce")) {
		if (arguments.has("json"))
			return context.usage("--enforce and --json do not go together");
		if (!context.is_root()) {
			return context.fail(
				EX_NOPERM, "only root may do this: sudo rassist sessions --enforce");
		}
		return enforce(context);
	}
	const auto sessions = list_live_sessions(context.paths);
	if (!sessions)
		return sessions.error();
	for (const Error& refused : sessions->refused)
		context.warn(refused.what + "; its sessions are not shown");
	if (arguments.has("json")) {
		JsonList list(context.out);
		for (const Session& session : sessions->sessions)
			list.add(session_json(session));
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
