// device list: it lists the devices of the registry, or some of them.
#include "common/admission/group_index.hpp"
#include "common/admission/open_in_scope.hpp"
#include "common/admission/store.hpp"
#include "common/system/files.hpp"
#include "common/system/listing.hpp"
#include "rassist/frame/actions.hpp"
#include "rassist/frame/join.hpp"
#include "rassist/frame/json_list.hpp"
#include "rassist/frame/terminal.hpp"
#include "rassist/relay/device_json.hpp"
#include "rassist/relay/registered_device.hpp"

#include <sysexits.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <ostream>
#include <set>
#include <utility>

namespace rassist::cli {

namespace {

std::string state_of(const Context& context, const Device& device) {
	return device.blocked                               ? "blocked"
		   : is_tunnel_up(context.paths, device.serial) ? "open"
														: "closed";
}

constexpr std::size_t kSorted = 10'000;    ///< names held at a time

/// Which devices are to be listed.
struct DeviceFilter {
	std::vector<Scope> patterns;
	std::string state;    ///< "" for any

	[[nodiscard]] bool may_cover(const Serial& serial) const {
		return std::ranges::any_of(
			patterns, [&](const Scope& one) { return one.group() || one.covers(serial, {}); });
	}
};

Result<DeviceFilter> parse_filter(const Arguments& arguments) {
	DeviceFilter filter{{}, arguments.value("state")};
	constexpr std::array<std::string_view, 4> kStates{"", "open", "closed", "blocked"};
	if (std::ranges::find(kStates, filter.state) == kStates.end()) {
		return Error{Fault::invalid,
			"--state: " + quoted(filter.state) + " is none of open, closed, blocked"};
	}
	for (const std::string& word : arguments.operands()) {
		auto pattern = Scope::parse(word);
		if (!pattern)
			return std::move(pattern).error();
		filter.patterns.push_back(*std::move(pattern));
	}
	if (filter.patterns.empty())
		filter.patterns.push_back(*Scope::parse("*"));
	return filter;
}

/// Serials that the patterns name outright, or by groups that have an index; nullopt where all
/// names have to be looked at.
std::optional<std::set<Serial>> list_named_serials(
	const Context& context, const DeviceFilter& filter) {
	std::set<Serial> serials;
	for (const Scope& pattern : filter.patterns) {
		if (const auto serial = pattern.serial()) {
			serials.insert(*serial);
			continue;
		}
		const auto group = pattern.group();
		const auto members =
			group ? GroupMembers::open(context.paths, *group, context.root) : std::nullopt;
		const auto all =
			members ? members->first(std::numeric_limits<std::size_t>::max()) : std::nullopt;
		if (!all)
			return std::nullopt;
		serials.insert(all->begin(), all->end());
	}
	return serials;
}

/// Calls for each of these that the filter lets through.
template <class Serials, class Call>
void list_each_of(
	const Context& context, const DeviceFilter& filter, const Serials& serials, Call call) {
	for (const Serial& serial : serials) {
		const auto device = find_device(context.paths, serial, context.root);
		if (device.failed())
			context.warn(device.error().what + "; this record counts for nothing");
		else if (device.found() && covers(filter.patterns, *device) &&
				 (filter.state.empty() || state_of(context, *device) == filter.state))
			call(*device);
	}
}

/// Calls for each registered device that the filter lets through, one record held at a time: a
/// registry may be long.
template <class Call>
Status list_each_device(const Context& context, const DeviceFilter& filter, Call call) {
	const auto folder = Folder::open(context.paths.devices());
	if (!folder)
		return folder.error().code == Fault::not_found ? error_no_registry(context)
													   : folder.error();
	if (filter.state == "open") {
		const auto open = find_open_in_scope(context.paths, filter.patterns, context.root);
		if (!open)
			return open.error();
		std::ranges::for_each(*open, call);
		return Done{};
	}
	if (const auto few = list_named_serials(context, filter)) {
		list_each_of(context, filter, *few, call);
		return Done{};
	}
	std::vector<Serial> some;
	const auto list_some = [&] {
		std::ranges::sort(some);
		list_each_of(context, filter, some, call);
		some.clear();
	};
	auto read = for_each_name(folder->fd(), [&](std::string_view name) {
		const auto serial = Serial::parse(name);
		if (serial && filter.may_cover(*serial)) {
			some.push_back(*serial);
		} else if (!serial && name.front() != '.') {
			context.warn(
				folder->path() + ": " + serial.error().what + "; this record counts for nothing");
		}
		if (some.size() == kSorted) {
			list_some();
		}
		return true;
	});
	list_some();
	return read;
}

}    // namespace

Result<int> device_list_verb(Context& context, const Arguments& arguments) {
	const auto filter = parse_filter(arguments);
	if (!filter)
		return context.usage(filter.error().what);
	if (arguments.has("json")) {
		JsonList list(context.out);
		if (auto done = list_each_device(context, *filter,
				[&](const Device& device) { list.add(make_device_json(context, device)); });
			!done)
			return std::move(done).error();
		return EX_OK;
	}
	bool any = false;
	auto done = list_each_device(context, *filter, [&](const Device& device) {
		if (!std::exchange(any, true))
			context.out << "SERIAL                ADDRESS          STATE    GROUPS\n";
		context.out << pad_column(device.serial.str(), 22, 2) << pad_column(device.address, 17, 2)
					<< pad_column(state_of(context, device), 9, 2)
					<< (device.groups.empty() ? "-" : join_texts(device.groups, " ")) << "\n";
	});
	if (!done)
		return std::move(done).error();
	if (!any) {
		const bool all = arguments.operands().empty() && filter->state.empty();
		context.out << (all ? "No device is registered; `rassist device add` registers one.\n"
							: "No such device is registered.\n");
	}
	return EX_OK;
}

}    // namespace rassist::cli
