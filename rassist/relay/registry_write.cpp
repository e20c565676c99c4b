#include "rassist/relay/registry_write.hpp"

#include "common/base/parse_network.hpp"
#include "common/system/files.hpp"
#include "common/system/files_write.hpp"
#include "rassist/relay/group_index_write.hpp"
#include "rassist/relay/registry_folder.hpp"

#include <unistd.h>

#include <algorithm>

namespace rassist {

Result<Device> add_device(const Paths& paths, Device device) {
	const auto registry = RegistryFolder::open(paths);
	if (!registry)
		return registry.error();
	const Folder& folder = registry->folder;
	const std::string& name = device.serial.str();
	// This is asked before an index is spent; the lock keeps the answer true.
	const auto there = find_device(paths, device.serial, geteuid());
	if (there.failed())
		return there.error();
	if (there.found())
		return Error{Fault::exists, "device " + name + " is registered already"};
	const auto index = read_next_index(paths, folder);
	if (!index)
		return index.error();
	auto address = make_device_address(*index);
	if (!address)
		return address.error();
	device.address = std::move(*address);
	const auto text = format_checked_device(device);
	if (!text)
		return text.error();
	// The counter is written first: a crash between the two wastes an address, and the other way
	// round it would be given out twice.
	if (const auto counted = write_next_index(folder, *index + 1); !counted)
		return counted.error();
	// The index is written before the record: what is too much in it is harmless, what it lacks
	// hides a device.
	if (const auto listed = GroupIndex(paths).add(device.serial, device.groups); !listed)
		return listed.error();
	if (const auto written =
			write_file(folder, name, *text, Attributes{.owner = {}, .group = {}, .replace = false});
		!written)
		return written.error();
	return device;
}

Result<DeviceChange> change_device(
	const Paths& paths, const Serial& serial, const DeviceEdit& edit) {
	const auto registry = RegistryFolder::open(paths);
	if (!registry)
		return registry.error();
	auto former = find_device(paths, serial, geteuid());
	if (former.failed())
		return former.error();
	if (former.absent())
		return Error{Fault::not_found, "device " + serial.str() + " is not registered"};
	auto edited = edit(*former);
	if (!edited)
		return edited.error();
	DeviceChange change{std::move(*former), std::move(*edited)};
	const auto text = format_checked_device(change.device);
	if (!text)
		return text.error();
	if (change.device.serial != serial || change.device.address != change.former.address)
		return Error{Fault::internal, "device " + serial.str() + " cannot become another"};
	if (*text == format_device(change.former))
		return change;
	GroupIndex groups(paths);
	if (const auto listed = groups.add(serial, change.device.groups); !listed)
		return listed.error();
	if (const auto written =
			write_file(registry->folder, serial.str(), *text, Attributes{.owner = {}, .group = {}});
		!written)
		return written.error();
	std::vector<Name> left = change.former.groups;
	std::erase_if(left, [&](const Name& group) {
		return std::ranges::find(change.device.groups, group) != change.device.groups.end();
	});
	if (const auto removed = groups.remove(serial, left); !removed)
		return removed.error();
	return change;
}

Status remove_device(const Paths& paths, const Serial& serial) {
	const auto registry = RegistryFolder::open(paths);
	if (!registry)
		return registry.error();
	// A record that cannot be read is removed all the same.
	const auto there = find_device(paths, serial, geteuid());
	if (auto removed = remove_file(registry->folder, serial.str()); !removed)
		return removed;
	return there.found() ? GroupIndex(paths).remove(serial, there->groups) : Status(Done{});
}

}    // namespace rassist
