#include "common/admission/open_in_scope.hpp"

#include "common/admission/group_index.hpp"
#include "common/system/files.hpp"
#include "common/system/listing.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace rassist {
namespace {

/// A group of no more is read whole; of a larger one each open device is looked up.
constexpr std::size_t kGroupReadWhole = 4096;

/// Calls for each name that stands in ready/: tunnels that are up, and a few that were.
template <class Call> Status each_ready(const Paths& paths, Call call) {
	const auto folder = Folder::open(paths.ready());
	if (!folder)
		return folder.error().code == Fault::not_found ? Status(Done{}) : Status(folder.error());
	return for_each_name(folder->fd(), [&](std::string_view name) {
		if (name.front() != '.')
			call(name);
		return true;
	});
}

/// What is to be asked of each name in ready/.
struct WantedDevices {
	std::vector<Scope> patterns;
	std::vector<GroupMembers> groups;    ///< too large to be read whole
	/// a group without an index: the devices' records have to say
	bool all = false;

	[[nodiscard]] bool anything() const { return all || !patterns.empty() || !groups.empty(); }
	[[nodiscard]] bool has(const Serial& serial) const {
		return all ||
			   std::any_of(
				   patterns.begin(), patterns.end(),
				   [&](const Scope& one) { return one.covers(serial, {}); }) ||
			   std::any_of(
				   groups.begin(), groups.end(),
				   [&](const GroupMembers& one) { return one.has(serial); });
	}
};

void want_group(const Paths& paths, const Name& group, uid_t root, std::set<Serial>& candidates,
	WantedDevices& wanted) {
	auto members = GroupMembers::open(paths, group, root);
	if (!members) {
		wanted.all = true;
		return;
	}
	auto few = members->first(kGroupReadWhole);
	if (!few)
		wanted.groups.push_back(std::move(*members));
	else
		candidates.insert(few->begin(), few->end());
}

/// Serials that may be open and in scope, not yet judged.
Result<std::set<Serial>> candidates_of(
	const Paths& paths, const std::vector<Scope>& scope, uid_t root) {
	std::set<Serial> candidates;
	WantedDevices wanted;
	for (const Scope& one : scope)
		if (const auto serial = one.serial())
			candidates.insert(*serial);
		else if (const auto group = one.group())
			want_group(paths, *group, root, candidates, wanted);
		else
			wanted.patterns.push_back(one);
	if (!wanted.anything())
		return candidates;
	const Status read = each_ready(paths, [&](std::string_view name) {
		const auto serial = Serial::parse(name);
		if (serial && serial->str() == name && wanted.has(*serial))
			candidates.insert(*serial);
	});
	if (!read)
		return read.error();
	return candidates;
}

}    // namespace

bool covers(const std::vector<Scope>& scope, const Device& device) {
	return std::any_of(
		scope.begin(), scope.end(),
		[&](const Scope& one) { return one.covers(device.serial, device.groups); });
}

Result<std::vector<Device>> find_open_in_scope(const Paths& paths, const std::vector<Scope>& scope,
	uid_t root, std::size_t most, const std::vector<Serial>& first) {
	auto candidates = candidates_of(paths, scope, root);
	if (!candidates)
		return candidates.error();
	std::vector<Device> devices;
	const auto judge = [&](const Serial& serial) {
		if (devices.size() >= most || !is_tunnel_up(paths, serial))
			return;
		auto device = find_device(paths, serial, root);
		if (device.found() && !device->blocked && covers(scope, *device))
			devices.push_back(std::move(*device));
	};
	for (const Serial& serial : first) {
		judge(serial);
		candidates->erase(serial);
	}
	std::for_each(candidates->begin(), candidates->end(), judge);
	return devices;
}

}    // namespace rassist
