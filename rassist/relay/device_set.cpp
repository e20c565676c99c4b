// device set: it changes what may change about a registered device.
#include "rassist/enforce/cut.hpp"
#include "rassist/frame/actions.hpp"
#include "rassist/frame/join.hpp"
#include "rassist/frame/terminal.hpp"
#include "rassist/relay/registered_device.hpp"
#include "rassist/relay/relay.hpp"

#include "common/sessions/narrowing_mark.hpp"

#include <sysexits.h>

#include <algorithm>
#include <iterator>
#include <ostream>

namespace rassist::cli {

namespace {

Result<std::vector<Name>> parse_groups(const Arguments& arguments, std::string_view option) {
	std::vector<Name> groups;
	for (const std::string& word : arguments.listed(option)) {
		auto group = Name::parse(word);
		if (!group)
			return std::move(group).error().within("--" + std::string(option));
		groups.push_back(*std::move(group));
	}
	return groups;
}

bool contains_group(const std::vector<Name>& groups, const Name& group) {
	return std::ranges::find(groups, group) != groups.end();
}

bool reaches_any_of(const Session& session, const std::vector<Name>& groups) {
	return std::ranges::any_of(
		session.scope,
		[&](const Scope& scope) {
			return std::ranges::any_of(
				groups,
				[&](const Name& group) {
					return scope.str() == format_narrowing_mark_name(group);
				});
		});
}

/// Cuts people whose connection may still lead to the device by a group that it has left.
Result<int> cut_by_group(const Context& context, const std::vector<Name>& left) {
	for (const Name& group : left)
		if (auto marked = write_narrowing_mark(context, format_narrowing_mark_name(group)); !marked)
			return std::move(marked).error();
	return judge_sessions_of(context, Role::staff, "",
		[&](const Session& session) { return reaches_any_of(session, left); });
}

}    // namespace

Result<int> device_set_verb(Context& context, const Arguments& arguments) {
	const auto serial = Serial::parse(arguments.operands()[0]);
	if (!serial)
		return context.usage(serial.error().what);
	const auto joins = parse_groups(arguments, "join");
	const auto leaves = parse_groups(arguments, "leave");
	if (!joins || !leaves)
		return context.usage(!joins ? joins.error().what : leaves.error().what);
	if (const auto fine = parse_note(arguments.value("note")); !fine)
		return context.usage("--note: " + fine.error().what);
	if (joins->empty() && leaves->empty() && !arguments.has("note"))
		return context.usage("nothing to set: --join, --leave or --note");
	const auto change = change_registered_device(context, *serial, [&](Device device) {
		std::erase_if(
			device.groups, [&](const Name& group) { return contains_group(*leaves, group); });
		std::ranges::copy_if(*joins, std::back_inserter(device.groups),
			[&](const Name& group) { return !contains_group(device.groups, group); });
		device.note = arguments.has("note") ? arguments.value("note") : device.note;
		return device;
	});
	if (!change)
		return change.error();
	const std::string groups = join_texts(change->device.groups, " ");
	context.out << serial->str() << " is in "
				<< (groups.empty() ? "no group" : "the groups " + groups) << ".\n";
	std::vector<Name> left = change->former.groups;
	std::erase_if(
		left, [&](const Name& group) { return contains_group(change->device.groups, group); });
	const auto ended = cut_by_group(context, left);
	if (!ended)
		return ended.error();
	if (*ended > 0) {
		context.out << format_count(static_cast<std::size_t>(*ended), "session")
					<< " ended: they reached it by a group it has left.\n";
	}
	return EX_OK;
}

}    // namespace rassist::cli
