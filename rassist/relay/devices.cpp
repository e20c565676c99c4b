// device add|token|block|unblock|remove: root on the relay changes the registry by these.
#include "rassist/frame/actions.hpp"
#include "rassist/frame/terminal.hpp"
#include "rassist/relay/device_connections.hpp"
#include "rassist/relay/grants.hpp"
#include "rassist/relay/registered_device.hpp"
#include "rassist/relay/relay.hpp"

#include "common/issuing/store_write.hpp"
#include "common/keys/derive.hpp"
#include "common/keys/private_key.hpp"
#include "rassist/relay/publication_write.hpp"
#include "rassist/relay/registry_write.hpp"

#include <sysexits.h>

#include <ctime>
#include <ostream>

namespace rassist::cli {

namespace {

constexpr std::chrono::seconds kTokenLife = std::chrono::hours(24);

Result<std::chrono::seconds> parse_token_life(const Arguments& arguments) {
	const auto given = arguments.duration("token-for");
	if (given.failed())
		return given.error();
	return given.optional().value_or(kTokenLife);
}

/// Makes a token, stores the grant of its key and prints the token, the only copy there is.
Status give_token(const Context& context, const Serial& serial, std::chrono::seconds life) {
	const NoCoreDump quiet;
	const auto clock = read_clocks();
	if (!clock)
		return clock.error();
	const Code token = Code::random();
	const auto key = derive_activation_key(token, serial);
	if (!key)
		return key.error();
	Grant grant = make_grant(Role::activation, serial.str(), key->public_key(), clock->wall);
	grant.expires = Deadline{clock->wall + life.count(), {}};
	if (auto stored =
			put_grant(grant_folder_of(Role::activation, context.paths), grant, true, context.root);
		!stored)
		return stored;
	context.out << "Activation token: " << context.bold(token.written().text()) << "\n"
				<< "Good once, until " << format_local_time(grant.expires->wall)
				<< ", for `rassist activate " << serial.str()
				<< "` on the device. It is not kept here.\n";
	return Done{};
}

/// Cuts the device's connections, once it is blocked, and says how many there were.
Result<int> cut_device(const Context& context, const Serial& serial) {
	const auto questions = end_enrolment_logins(context, serial);
	if (!questions)
		return questions.error();
	const auto ended = judge_tunnels_of(context, serial.str());
	if (!ended)
		return ended.error();
	return *questions + *ended;
}

Result<int> set_blocked(Context& context, const Arguments& arguments, bool blocked) {
	const auto serial = Serial::parse(arguments.operands()[0]);
	if (!serial)
		return context.usage(serial.error().what);
	const auto change = change_registered_device(context, *serial, [blocked](Device device) {
		device.blocked = blocked;
		return device;
	});
	if (!change)
		return change.error();
	const bool was = change->former.blocked;
	context.out << serial->str() << (was == blocked ? " was " : " is ")
				<< (blocked ? "blocked" : "not blocked") << (was == blocked ? " already" : "");
	if (!blocked) {
		context.out << (was ? ": its keys are accepted again" : "") << ".\n";
		return EX_OK;
	}
	const auto ended = cut_device(context, *serial);
	if (!ended) {
		context.out << ".\n";
		return ended.error();
	}
	context.out << "; " << format_count(static_cast<std::size_t>(*ended), "connection")
				<< " cut.\n";
	return EX_OK;
}

}    // namespace

Result<int> device_add_verb(Context& context, const Arguments& arguments) {
	auto serial = Serial::parse(arguments.operands()[0]);
	if (!serial)
		return context.usage(serial.error().what);
	const auto life = parse_token_life(arguments);
	if (!life)
		return context.usage(life.error().what);
	Device device{*serial, {}, false, {}, arguments.value("note"), std::time(nullptr)};
	for (const std::string& word : arguments.listed("group")) {
		auto group = Name::parse(word);
		if (!group)
			return context.usage("--group: " + group.error().what);
		device.groups.push_back(*std::move(group));
	}
	if (const auto fine = parse_note(device.note); !fine)
		return context.usage("--note: " + fine.error().what);
	auto added = add_device(context.paths, std::move(device));
	if (!added && added.error().code == Fault::exists) {
		return context.fail(EX_CANTCREAT,
			serial->str() + " is registered already; for a new token: rassist device token " +
				serial->str());
	}
	if (!added) {
		return added.error().code == Fault::not_found ? error_no_registry(context)
													  : std::move(added).error();
	}
	context.out << "Registered " << serial->str() << " with address " << added->address << ".\n";
	if (auto given = give_token(context, *serial, *life); !given) {
		return std::move(given).error().within(
			"the device is registered, but it has no token (rassist device token " + serial->str() +
			")");
	}
	return EX_OK;
}

Result<int> device_token_verb(Context& context, const Arguments& arguments) {
	const auto serial = Serial::parse(arguments.operands()[0]);
	if (!serial)
		return context.usage(serial.error().what);
	const auto life = parse_token_life(arguments);
	if (!life)
		return context.usage(life.error().what);
	const auto device = find_registered_device(context, *serial);
	if (!device)
		return device.error();
	if (device->blocked) {
		return context.fail(EX_UNAVAILABLE,
			serial->str() + " is blocked, no token would be accepted: rassist device unblock " +
				serial->str());
	}
	if (auto given = give_token(context, *serial, *life); !given)
		return std::move(given).error();
	return EX_OK;
}

Result<int> device_block_verb(Context& context, const Arguments& arguments) {
	return set_blocked(context, arguments, true);
}
Result<int> device_unblock_verb(Context& context, const Arguments& arguments) {
	return set_blocked(context, arguments, false);
}

Result<int> device_remove_verb(Context& context, const Arguments& arguments) {
	const auto serial = Serial::parse(arguments.operands()[0]);
	if (!serial)
		return context.usage(serial.error().what);
	// The device is blocked first: no login that is under way may store a key between here and the
	// end, for that key would be good again once the serial is registered anew.
	const auto blocked = change_registered_device(context, *serial, [](Device device) {
		device.blocked = true;
		return device;
	});
	if (!blocked)
		return blocked.error();
	const auto ended = cut_device(context, *serial);
	if (!ended)
		return ended.error().within("the device is blocked, but not removed");
	for (const Role role : {Role::activation, Role::identity, Role::tunnel})
		if (const auto removed =
				remove_grants_of(grant_folder_of(role, context.paths), serial->str(), context.root);
			!removed)
			return removed.error().within("the device is blocked, but not removed");
	if (auto given_back = unpublish(context.paths, *serial); !given_back)
		return std::move(given_back).error().within("the device is blocked, but not removed");
	if (auto removed = remove_device(context.paths, *serial); !removed)
		return std::move(removed).error();
	context.out << "Removed " << serial->str() << " and its keys; "
				<< format_count(static_cast<std::size_t>(*ended), "connection") << " cut.\n";
	return EX_OK;
}

}    // namespace rassist::cli
