// staff add|set|remove: these say who may reach devices through this relay, by which keys.
#include "rassist/enforce/cut.hpp"
#include "rassist/frame/actions.hpp"
#include "rassist/frame/join.hpp"
#include "rassist/frame/terminal.hpp"
#include "rassist/relay/grants.hpp"
#include "rassist/relay/relay.hpp"
#include "rassist/relay/staff_keys.hpp"

#include "common/base/parse_network.hpp"
#include "common/issuing/store_write.hpp"
#include "common/keys/digest.hpp"
#include "common/sessions/narrowing_mark.hpp"
#include "rassist/frame/public_key_argument.hpp"

#include <sysexits.h>

#include <algorithm>
#include <ctime>
#include <ostream>

namespace rassist::cli {

namespace {

template <class Value>
Result<std::vector<Value>> parse_all(
	const std::vector<std::string>& words, std::string_view option) {
	std::vector<Value> values;
	for (const std::string& word : words) {
		auto value = Value::parse(word);
		if (!value)
			return std::move(value).error().within("--" + std::string(option));
		values.push_back(*std::move(value));
	}
	return values;
}

/// The rules that were given.
struct StaffRules {
	std::optional<std::vector<Scope>> devices;
	std::optional<std::vector<Network>> from;
	std::optional<std::string> note;

	static Result<StaffRules> parse(const Arguments& arguments);
	[[nodiscard]] Grant over(Grant grant) const {
		grant.scope = devices.value_or(grant.scope);
		grant.from = from.value_or(grant.from);
		grant.note = note.value_or(grant.note);
		return grant;
	}
};

Result<StaffRules> StaffRules::parse(const Arguments& arguments) {
	StaffRules rules;
	if (arguments.has("devices")) {
		auto scope = parse_all<Scope>(arguments.listed("devices"), "devices");
		if (!scope)
			return std::move(scope).error();
		if (scope->empty())
			return Error{Fault::invalid, "--devices names no device; '*' stands for all"};
		rules.devices = *std::move(scope);
	}
	if (arguments.has("from")) {
		const auto words = arguments.listed("from");
		auto from = parse_all<Network>(
			words == std::vector<std::string>{"any"} ? std::vector<std::string>() : words, "from");
		if (!from)
			return std::move(from).error();
		rules.from = *std::move(from);
	}
	if (arguments.has("note")) {
		if (auto note = parse_note(arguments.value("note")); !note)
			return std::move(note).error().within("--note");
		rules.note = arguments.value("note");
	}
	return rules;
}

/// Stores what `next` makes of a key's rules as they are. Where it reached more before, its
/// connections of that time are marked to be ended.
Status store_key(const Context& context, const Fingerprint& key, const NextGrant& next) {
	bool less = false;
	const auto noting = [&](const std::optional<Grant>& former) {
		auto grant = next(former);
		less = former && grant && !are_all_within(former->scope, grant->scope);
		return grant;
	};
	if (auto stored = replace_key(
			grant_folder_of(Role::staff, context.paths), key, noting, true, context.root);
		!stored)
		return stored;
	return less ? write_narrowing_mark(context, format_narrowing_mark_name(key)) : Status(Done{});
}

std::string format_rules(const Grant& grant) {
	return "may reach " + join_texts(grant.scope, " ") +
		   (grant.from.empty() ? std::string() : " from " + join_texts(grant.from, " "));
}

std::string format_ended(int ended) {
	return format_count(static_cast<std::size_t>(ended), "session") + " ended";
}

/// Has the person's sessions by this key judged, or by any where there is none.
Result<int> judge_staff_sessions(
	const Context& context, const Name& name, const std::optional<Fingerprint>& key) {
	return judge_sessions_of(
		context, Role::staff, name.str(),
		[&](const Session& session) { return !key || session.key == key->str(); });
}

/// What the person's keys say already, for a key that is added without rules of its own.
Result<Grant> find_rules_so_far(const std::vector<Grant>& keys, const Name& name) {
	if (keys.empty()) {
		return Error{
			Fault::invalid, "--devices is needed for a person's first key; '*' stands for all"};
	}
	const bool alike = std::ranges::all_of(
		keys, [&](const Grant& one) { return format_rules(one) == format_rules(keys.front()); });
	if (!alike) {
		return Error{Fault::invalid,
			"the keys of " + name.str() +
				" have rules of their own each: say --devices, and --from where it matters"};
	}
	return keys.front();
}

Result<Grant> parse_key(
	const Arguments& arguments, const Name& name, const std::vector<Grant>& keys) {
	auto key = read_public_key(arguments.value("key"));
	if (!key)
		return std::move(key).error().within("--key");
	Grant grant = make_grant(Role::staff, name.str(), *std::move(key), std::time(nullptr));
	if (!arguments.has("devices")) {
		const auto rules = find_rules_so_far(keys, name);
		if (!rules)
			return rules.error();
		grant.scope = rules->scope;
		grant.from = rules->from;
	}
	const auto given = StaffRules::parse(arguments);
	return given ? Result<Grant>(given->over(std::move(grant))) : given.error();
}

}    // namespace

Result<int> staff_add_verb(Context& context, const Arguments& arguments) {
	const auto name = Name::parse(arguments.operands()[0]);
	if (!name)
		return context.usage(name.error().what);
	const auto keys = list_keys_of(context, *name);
	if (!keys)
		return keys.error();
	const auto grant = parse_key(arguments, *name, *keys);
	if (!grant)
		return context.usage(grant.error().what);
	if (auto stored =
			store_key(context, fingerprint_of(grant->key), [&](const auto&) { return *grant; });
		!stored) {
		if (stored.error().code == Fault::exists) {
			return context.fail(EX_CANTCREAT,
				"this key is another person's already; `rassist staff list` says whose");
		}
		return std::move(stored).error();
	}
	const Fingerprint key = fingerprint_of(grant->key);
	const auto others =
		std::ranges::count_if(*keys, [&](const Grant& one) { return one.key != grant->key; });
	context.out << name->str() << " " << format_rules(*grant) << " with key " << key.str() << ".\n";
	if (others > 0) {
		context.out << format_count(static_cast<std::size_t>(others), "other key") << " of "
					<< name->str() << " as before.\n";
	}
	const auto ended = judge_staff_sessions(context, *name, key);
	if (!ended)
		return ended.error();
	if (*ended > 0) {
		context.out << format_ended(*ended)
					<< ": the key's new rules do not allow what they were.\n";
	}
	return EX_OK;
}

Result<int> staff_set_verb(Context& context, const Arguments& arguments) {
	const auto name = Name::parse(arguments.operands()[0]);
	if (!name)
		return context.usage(name.error().what);
	if (!arguments.has("devices") && !arguments.has("from") && !arguments.has("note"))
		return context.usage("nothing to set: --devices, --from or --note");
	const auto rules = StaffRules::parse(arguments);
	if (!rules)
		return context.usage(rules.error().what);
	const auto keys = list_keys_of(context, *name);
	if (!keys)
		return keys.error();
	int changed = 0;
	for (const Grant& one : *keys) {
		const Fingerprint key = fingerprint_of(one.key);
		std::optional<Grant> grant;
		const auto next = [&](const std::optional<Grant>& now) {
			// Else the key was removed meanwhile, and stays away.
			if (now && now->subject == name->str())
				grant = rules->over(*now);
			return grant;
		};
		if (auto stored = store_key(context, key, next); !stored) {
			return std::move(stored).error().within(
				"not all keys of " + name->str() + " have the new rules; " + key.str());
		}
		if (grant) {
			context.out << name->str() << " " << format_rules(*grant) << " with key " << key.str()
						<< ".\n";
			++changed;
		}
	}
	if (changed == 0)
		return say_nobody_has_key(context, *name);
	const auto ended = judge_staff_sessions(context, *name, {});
	if (!ended)
		return ended.error();
	context.out << format_ended(*ended) << ".\n";
	return EX_OK;
}

Result<int> staff_remove_verb(Context& context, const Arguments& arguments) {
	const auto name = Name::parse(arguments.operands()[0]);
	if (!name)
		return context.usage(name.error().what);
	const GrantFolder place = grant_folder_of(Role::staff, context.paths);
	std::optional<Fingerprint> key;
	int removed = 0;
	if (arguments.has("key")) {
		const auto parsed = Fingerprint::parse(arguments.value("key"));
		if (!parsed)
			return context.usage("--key: " + parsed.error().what);
		key = *parsed;
		const auto grant = find_grant(place, *key, context.root);
		if (grant.failed())
			return grant.error();
		if (grant.absent() || grant->subject != name->str()) {
			return context.fail(EX_NOINPUT, name->str() +
												" has no such key here; `rassist staff show " +
												name->str() + "` says which");
		}
		if (auto gone = remove_grant(place, *key, context.root); !gone)
			return std::move(gone).error();
		removed = 1;
	} else {
		const auto all = remove_grants_of(place, name->str(), context.root);
		if (!all)
			return all.error();
		removed = *all;
	}
	const auto ended = judge_staff_sessions(context, *name, key);
	if (!ended)
		return ended.error().within(
			"removed " + format_count(static_cast<std::size_t>(removed), "key"));
	if (removed == 0 && *ended == 0)
		return say_nobody_has_key(context, *name);
	context.out << "Removed " << format_count(static_cast<std::size_t>(removed), "key") << " of "
				<< name->str() << "; " << format_ended(*ended) << ".\n";
	return EX_OK;
}

}    // namespace rassist::cli
