// staff list|show: these tell who may reach devices through this relay, and who of them is here.
#include "rassist/enforce/session_list.hpp"
#include "rassist/frame/actions.hpp"
#include "rassist/frame/join.hpp"
#include "rassist/frame/json_list.hpp"
#include "rassist/frame/terminal.hpp"
#include "rassist/relay/grants.hpp"
#include "rassist/relay/staff_keys.hpp"

#include "common/base/parse_network.hpp"
#include "common/keys/digest.hpp"

#include <sysexits.h>

#include <ostream>

namespace rassist::cli {

namespace {

Json make_grant_json(const Grant& grant) {
	Json from = Json::array();
	for (const Network& network : grant.from)
		from.add(network.str());
	Json devices = Json::array();
	for (const Scope& scope : grant.scope)
		devices.add(scope.str());
	Json json = Json::object();
	json.text("name", grant.subject)
		.text("key", grant.key.str())
		.text("fingerprint", fingerprint_of(grant.key).str())
		.put("devices", std::move(devices))
		.put("from", std::move(from))
		.text("note", grant.note)
		.text("issued", format_utc(grant.issued));
	return json;
}

std::string format_origin(const Grant& grant) {
	return grant.from.empty() ? "anywhere" : join_texts(grant.from, " ");
}

void print_json(const Context& context, const Name& name, const std::vector<Grant>& keys,
	const std::vector<Session>& sessions) {
	Json grants = Json::array();
	for (const Grant& grant : keys)
		grants.add(make_grant_json(grant));
	Json json = Json::object();
	json.text("name", name.str())
		.put("keys", std::move(grants))
		.put("sessions", make_sessions_json(sessions));
	context.out << json.print() << "\n";
}

void print_text(const Context& context, const Name& name, const std::vector<Grant>& keys,
	const std::vector<Session>& sessions) {
	context.out << "Name      " << context.bold(name.str()) << "\n";
	for (const Grant& grant : keys) {
		context.out << "\nKey       " << fingerprint_of(grant.key).str() << "\n"
					<< "Devices   " << join_texts(grant.scope, " ") << "\n"
					<< "From      " << format_origin(grant) << "\n"
					<< "Since     " << format_local_time(grant.issued) << "\n"
					<< "Note      "
					<< (grant.note.empty() ? "none" : escape_for_terminal(grant.note)) << "\n";
	}
	if (!sessions.empty()) {
		context.out << "\n";
		print_sessions(context.out, sessions);
	}
}

}    // namespace

Result<int> staff_list_verb(Context& context, const Arguments& arguments) {
	const auto grants = list_grants_of_role(context, Role::staff);
	if (!grants)
		return grants.error();
	if (arguments.has("json")) {
		JsonList json(context.out);
		for (const Grant& grant : *grants)
			json.add(make_grant_json(grant));
		return EX_OK;
	}
	if (grants->empty()) {
		context.out << "Nobody may reach a device; `rassist staff add` lets somebody.\n";
		return EX_OK;
	}
	Columns columns({"NAME", "DEVICES", "FROM", "KEY", "NOTE"});
	for (const Grant& grant : *grants) {
		columns.add({grant.subject, join_texts(grant.scope, " "), format_origin(grant),
			fingerprint_of(grant.key).str(), escape_for_terminal(grant.note)});
	}
	columns.print(context.out);
	return EX_OK;
}

Result<int> staff_show_verb(Context& context, const Arguments& arguments) {
	const auto name = Name::parse(arguments.operands()[0]);
	if (!name)
		return context.usage(name.error().what);
	const auto keys = list_keys_of(context, *name);
	if (!keys)
		return keys.error();
	const auto sessions = list_live_sessions(context.paths, Role::staff, name->str());
	if (!sessions)
		return sessions.error();
	if (keys->empty() && sessions->empty())
		return say_nobody_has_key(context, *name);
	(arguments.has("json") ? print_json : print_text)(context, *name, *keys, *sessions);
	return EX_OK;
}

}    // namespace rassist::cli
