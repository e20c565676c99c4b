// staff list|show: who may reach devices through this relay, and who of them is here.
#include "rassist/enforce/session_list.hpp"
#include "rassist/frame/actions.hpp"
#include "rassist/frame/json_list.hpp"
#include "rassist/frame/terminal.hpp"
#include "rassist/relay/staff.hpp"

#include "common/admission/store.hpp"
#include "common/base/parse_network.hpp"
#include "common/keys/digest.hpp"

#include <sysexits.h>

#include <ostream>

namespace rassist::cli {

namespace {

Json grant_json(const Grant& grant) {
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

std::string origin_of(const Grant& grant) {
	return grant.from.empty() ? "anywhere" : joined(grant.from);
}

void print_json(const Context& context, const Name& name, const std::vector<Grant>& keys,
	const std::vector<Session>& sessions) {
	Json grants = Json::array();
	for (const Grant& grant : keys)
		grants.add(grant_json(grant));
	Json live = Json::array();
	for (const Session& session : sessions)
		live.add(session_json(session));
	Json json = Json::object();
	json.text("name", name.str()).put("keys", std::move(grants)).put("sessions", std::move(live));
	context.out << json.print() << "\n";
}

void print_text(const Context& context, const Name& name, const std::vector<Grant>& keys,
	const std::vector<Session>& sessions) {
	context.out << "Name      " << context.bold(name.str()) << "\n";
	for (const Grant& grant : keys) {
		context.out << "\nKey       " << fingerprint_of(grant.key).str() << "\n"
					<< "Devices   " << joined(grant.scope) << "\n"
					<< "From      " << origin_of(grant) << "\n"
					<< "Since     " << local_time(grant.issued) << "\n"
					<< "Note      " << (grant.note.empty() ? "none" : shown(grant.note)) << "\n";
	}
	if (!sessions.empty()) {
		context.out << "\n";
		print_sessions(context.out, sessions);
	}
}

}    // namespace

Result<int> staff_list_verb(Context& context, const Arguments& arguments) {
	auto list = list_grants(grant_folder_of(Role::staff, context.paths), context.root);
	if (!list)
		return std::move(list).error();
	for (const Error& refused : list->refused)
		context.warn(refused.what + "; this record counts for nothing");
	if (arguments.has("json")) {
		JsonList json(context.out);
		for (const Grant& grant : list->grants)
			json.add(grant_json(grant));
		return EX_OK;
	}
	if (list->grants.empty()) {
		context.out << "Nobody may reach a device; `rassist staff add` lets somebody.\n";
		return EX_OK;
	}
	Columns columns({"NAME", "DEVICES", "FROM", "KEY", "NOTE"});
	for (const Grant& grant : list->grants) {
		columns.add({grant.subject, joined(grant.scope), origin_of(grant),
			fingerprint_of(grant.key).str(), shown(grant.note)});
	}
	columns.print(context.out);
	return EX_OK;
}

Result<int> staff_show_verb(Context& context, const Arguments& arguments) {
	const auto name = Name::parse(arguments.operands()[0]);
	if (!name)
		return context.usage(name.error().what);
	const auto keys = keys_of(context, *name);
	if (!keys)
		return keys.error();
	const auto sessions = list_live_sessions(context.paths, Role::staff, name->str());
	if (!sessions)
		return sessions.error();
	if (keys->empty() && sessions->empty())
		return nobody(context, *name);
	(arguments.has("json") ? print_json : print_text)(context, *name, *keys, *sessions);
	return EX_OK;
}

}    // namespace rassist::cli
