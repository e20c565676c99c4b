#include "rassist/relay/group_index_write.hpp"

#include "common/admission/group_index.hpp"
#include "common/records/registry.hpp"
#include "common/system/files_write.hpp"
#include "common/system/listing.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace rassist {
namespace {

constexpr std::size_t kOpenMost = 64;

Status sync_folder(const Folder& folder) {
	return ::fsync(folder.fd()) == 0 ? Status(Done{}) : Status(os_error(errno, folder.path()));
}

}    // namespace

Result<const Folder*> GroupIndex::open(const Name& group) {
	if (const auto known = open_.find(group.str()); known != open_.end())
		return &known->second;
	const auto index = Folder::own(path_);
	if (!index)
		return index.error();
	auto folder = Folder::own(path_ + "/" + group.str());
	if (!folder)
		return folder.error();
	if (durable_)
		if (const auto synced = sync_folder(*index); !synced)
			return synced.error();
	if (open_.size() == kOpenMost)
		open_.clear();
	return &open_.emplace(group.str(), std::move(*folder)).first->second;
}

Status GroupIndex::add(const Serial& serial, const std::vector<Name>& groups) {
	for (const Name& group : groups) {
		const auto folder = open(group);
		if (!folder)
			return folder.error();
		if (::mknodat((*folder)->fd(), serial.str().c_str(), S_IFREG | 0644, 0) != 0) {
			if (errno == EEXIST)
				continue;
			return os_error(errno, (*folder)->path() + "/" + serial.str());
		}
		if (durable_)
			if (auto synced = sync_folder(**folder); !synced)
				return synced;
	}
	return Done{};
}

Status GroupIndex::remove(const Serial& serial, const std::vector<Name>& groups) {
	for (const Name& group : groups) {
		const auto folder = Folder::open(path_ + "/" + group.str());
		if (!folder && folder.error().code == Fault::not_found)
			continue;
		if (!folder)
			return folder.error();
		if (auto removed = remove_file(*folder, serial.str()); !removed)
			return removed;
		::rmdir(folder->path()
					.c_str());    // the group's last one takes it along; any other is in the way
	}
	return Done{};
}

Status GroupIndex::declare_whole() const {
	const auto index = Folder::own(path_);
	if (!index)
		return index.error();
	if (::syncfs(index->fd()) != 0)
		return os_error(errno, path_);
	return write_file(*index, kWhole, "", Attributes{.owner = {}, .group = {}});
}

bool groups_are_whole(const Paths& paths) {
	return ::access((paths.groups() + "/" + kWhole).c_str(), F_OK) == 0;
}

namespace {

/// The device's groups by its record; a record that is not believed names none.
std::vector<Name> groups_of(const Paths& paths, const Serial& serial) {
	const auto device = find_device(paths, serial, geteuid());
	return device.found() ? device->groups : std::vector<Name>();
}

/// Takes away what the devices' records do not say.
Status remove_strangers(const Paths& paths, const Name& group) {
	const auto folder = Folder::own(paths.groups() + "/" + group.str());
	if (!folder)
		return folder.error();
	Status removed = Done{};
	const Status read = for_each_name(folder->fd(), [&](std::string_view name) {
		const auto serial = Serial::parse(name);
		const std::vector<Name> groups = serial ? groups_of(paths, *serial) : std::vector<Name>();
		if (std::ranges::find(groups, group) == groups.end())
			removed = remove_tree(folder->path() + "/" + std::string(name));
		return removed.ok();
	});
	::rmdir(folder->path().c_str());
	return read ? removed : read;
}

}    // namespace

Status mend_groups(const Paths& paths) {
	const auto devices = Folder::open(paths.devices());
	if (!devices)
		return devices.error();
	const auto index = Folder::own(paths.groups());
	if (!index)
		return index.error();
	GroupIndex writer(paths, false);
	Status done = Done{};
	Status read = for_each_name(devices->fd(), [&](std::string_view name) {
		if (const auto serial = Serial::parse(name))
			done = writer.add(*serial, groups_of(paths, *serial));
		return done.ok();
	});
	if (!read || !done)
		return read ? done : read;
	read = for_each_name(index->fd(), [&](std::string_view name) {
		if (name == kWhole)
			return true;
		const auto group = Name::parse(name);
		done = group ? remove_strangers(paths, *group)
					 : remove_tree(index->path() + "/" + std::string(name));
		return done.ok();
	});
	if (!read || !done)
		return read ? done : read;
	return writer.declare_whole();
}

}    // namespace rassist
