#include "common/group_index_write.hpp"

#include "common/group_index.hpp"
#include "common/listing.hpp"
#include "common/registry.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace rassist {
namespace {

constexpr std::size_t kOpenMost = 64;

Status sync(const Folder& folder) { return ::fsync(folder.fd()) == 0 ? Status(Done{}) : Status(os_error(errno, folder.path())); }

/// The folder, made where it is missing; ours alone.
Result<Folder> own_folder(const std::string& path) {
	auto folder = Folder::open(path);
	if (!folder && folder.error().code == Fault::not_found) {
		if (const auto made = make_folder(path, 0755); !made)
			return made.error();
		folder = Folder::open(path);
	}
	if (!folder)
		return folder;
	if (const auto trusted = folder->require(geteuid()); !trusted)
		return trusted.error();
	return folder;
}

}    // namespace

Result<const Folder*> GroupIndex::open(const Name& group) {
	if (const auto known = open_.find(group.str()); known != open_.end())
		return &known->second;
	const auto index = own_folder(path_);
	if (!index)
		return index.error();
	auto folder = own_folder(path_ + "/" + group.str());
	if (!folder)
		return folder.error();
	if (durable_)
		if (const auto synced = sync(*index); !synced)
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
			if (auto synced = sync(**folder); !synced)
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
		::rmdir(folder->path().c_str());    // the group's last one takes it along; any other is in the way
	}
	return Done{};
}

Status GroupIndex::declare_whole() const {
	const auto index = own_folder(path_);
	if (!index)
		return index.error();
	if (::syncfs(index->fd()) != 0)
		return os_error(errno, path_);
	return write_file(*index, kWhole, "", Attributes{.owner = {}, .group = {}});
}

bool groups_are_whole(const Paths& paths) { return ::access((paths.groups() + "/" + kWhole).c_str(), F_OK) == 0; }

Status build_groups(const Paths& paths) {
	const std::string fresh = paths.state + "/.groups.new";
	const std::string former = paths.state + "/.groups.old";
	for (const std::string& path : {fresh, former})
		if (auto removed = remove_tree(path); !removed)
			return removed;
	const auto devices = Folder::open(paths.devices());
	if (!devices)
		return devices.error();
	GroupIndex index(fresh, false);
	Status added = Done{};
	const Status read = each_name(devices->fd(), [&](std::string_view name) {
		const auto serial = Serial::parse(name);
		// a record that is not believed counts for nothing, here too
		const auto device = serial ? find_device(paths, *serial, geteuid()) : Result<std::optional<Device>>(serial.error());
		if (device && device->has_value())
			added = index.add(*serial, (*device)->groups);
		return added.ok();
	});
	for (const Status& done : {read, added, index.declare_whole()})
		if (!done)
			return done;
	if (::rename(paths.groups().c_str(), former.c_str()) != 0 && errno != ENOENT)
		return os_error(errno, paths.groups());
	if (::rename(fresh.c_str(), paths.groups().c_str()) != 0)
		return os_error(errno, paths.groups());
	return remove_tree(former);
}

}    // namespace rassist
