#include "rassist/enforce/session_list.hpp"

#include "rassist/frame/terminal.hpp"

#include <ostream>

namespace rassist::cli {

Json make_session_json(const Session& session) {
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
			format_local_time(session.since), escape_for_terminal(session.from),
			escape_for_terminal(session.key)});
	}
	columns.print(out);
}

Json make_sessions_json(const std::vector<Session>& sessions) {
	Json json = Json::array();
	for (const Session& session : sessions)
		json.add(make_session_json(session));
	return json;
}

}    // namespace rassist::cli
