// staff add|list|remove: who may reach devices through this relay.
#include "rassist/actions.hpp"
#include "rassist/json.hpp"
#include "rassist/relay.hpp"
#include "rassist/terminal.hpp"

#include "common/store_write.hpp"

#include <sysexits.h>

#include <ctime>
#include <limits>
#include <ostream>

namespace rassist::cli {

namespace {

template <class Values> std::string joined(const Values& values) {
	std::string text;
	for (const auto& value : values) {
		text += (text.empty() ? "" : " ") + value.str();
	}
	return text;
}

template <class Value> Result<std::vector<Value>> parse_all(const std::vector<std::string>& words, std::string_view option) {
	std::vector<Value> values;
	for (const std::string& word : words) {
		auto value = Value::parse(word);
		if (!value) {
			return std::move(value).error().within("--" + std::string(option));
		}
		values.push_back(*std::move(value));
	}
	return values;
}

/// Live sessions of one key: what they may reach was fixed when they logged in.
Result<int> end_sessions_of_key(const Context& context, const Grant& grant) {
	const auto sessions = live_sessions(context.paths, Role::staff, grant.subject);
	if (!sessions) {
		return sessions.error();
	}
	int ended = 0;
	for (const Session& session : *sessions) {
		if (session.key == fingerprint_of(grant.key).str()) {
			if (auto over = end_session(session, kGrace); !over) {
				return std::move(over).error();
			}
			++ended;
		}
	}
	return ended;
}

Json grant_json(const Grant& grant) {
	Json from = Json::array();
	for (const Network& network : grant.from) {
		from.add(network.str());
	}
	Json devices = Json::array();
	for (const Scope& scope : grant.scope) {
		devices.add(scope.str());
	}
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

/// The person's key and rules out of the command line.
Result<Grant> parse_staff(const Arguments& arguments, const Name& name) {
	auto from = parse_all<Network>(arguments.listed("from"), "from");
	if (!from) {
		return std::move(from).error();
	}
	auto scope = parse_all<Scope>(arguments.listed("devices"), "devices");
	if (!scope) {
		return std::move(scope).error();
	}
	if (scope->empty()) {
		return Error{Fault::invalid, "--devices names no device; '*' stands for all"};
	}
	if (auto note = parse_note(arguments.value("note")); !note) {
		return std::move(note).error().within("--note");
	}
	auto key = read_public_key(arguments.value("key"));
	if (!key) {
		return std::move(key).error().within("--key");
	}
	Grant grant = new_grant(Role::staff, name.str(), *std::move(key), std::time(nullptr));
	grant.from = *std::move(from);
	grant.scope = *std::move(scope);
	grant.note = arguments.value("note");
	return grant;
}

}    // namespace

Result<int> staff_add_verb(Context& context, const Arguments& arguments) {
	const auto name = Name::parse(arguments.operands()[0]);
	if (!name) {
		return context.usage(name.error().what);
	}
	const auto grant = parse_staff(arguments, *name);
	if (!grant) {
		return context.usage(grant.error().what);
	}
	if (auto stored = put_grant(place_of(Role::staff, context.paths), *grant, true, context.root); !stored) {
		if (stored.error().code == Fault::exists) {
			return context.fail(EX_CANTCREAT, "this key is another person's already; `rassist staff list` says whose");
		}
		return std::move(stored).error();
	}
	const auto ended = end_sessions_of_key(context, *grant);
	if (!ended) {
		return ended.error();
	}
	context.out << name->str() << " may reach " << joined(grant->scope) << " with key " << fingerprint_of(grant->key).str();
	context.out << (grant->from.empty() ? std::string() : " from " + joined(grant->from)) << ".\n";
	if (*ended > 0) {
		context.out << counted(static_cast<std::size_t>(*ended), "session") << " of that key ended: the new rules hold from the next login.\n";
	}
	return EX_OK;
}

Result<int> staff_list_verb(Context& context, const Arguments& arguments) {
	auto list = list_grants(place_of(Role::staff, context.paths), context.root);
	if (!list) {
		return std::move(list).error();
	}
	for (const Error& refused : list->refused) {
		context.warn(refused.what + "; this record counts for nothing");
	}
	if (arguments.has("json")) {
		JsonList json(context.out);
		for (const Grant& grant : list->grants) {
			json.add(grant_json(grant));
		}
		return EX_OK;
	}
	if (list->grants.empty()) {
		context.out << "Nobody may reach a device; `rassist staff add` lets somebody.\n";
		return EX_OK;
	}
	Columns columns({"NAME", "DEVICES", "FROM", "KEY", "NOTE"});
	for (const Grant& grant : list->grants) {
		const std::string from = grant.from.empty() ? "anywhere" : joined(grant.from);
		columns.add({grant.subject, joined(grant.scope), from, fingerprint_of(grant.key).str(), shown(grant.note)});
	}
	columns.print(context.out);
	return EX_OK;
}

Result<int> staff_remove_verb(Context& context, const Arguments& arguments) {
	const auto name = Name::parse(arguments.operands()[0]);
	if (!name) {
		return context.usage(name.error().what);
	}
	const auto removed = remove_grants_of(place_of(Role::staff, context.paths), name->str(), context.root);
	if (!removed) {
		return removed.error();
	}
	const auto ended = displace_sessions(context.paths, Role::staff, name->str(), std::numeric_limits<std::int64_t>::max(), kGrace);
	if (!ended) {
		return ended.error();
	}
	if (*removed == 0 && *ended == 0) {
		return context.fail(EX_NOINPUT, name->str() + " has no key here; `rassist staff list` says who has");
	}
	context.out << "Removed " << counted(static_cast<std::size_t>(*removed), "key") << " of " << name->str() << "; "
				<< counted(static_cast<std::size_t>(*ended), "session") << " ended.\n";
	return EX_OK;
}

}    // namespace rassist::cli
