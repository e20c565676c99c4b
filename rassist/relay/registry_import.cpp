#include "rassist/relay/registry_import.hpp"

#include "common/base/parse_network.hpp"
#include "common/base/system_call.hpp"
#include "common/system/files_write.hpp"
#include "common/system/listing.hpp"
#include "rassist/relay/registry_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace rassist {
namespace {

std::string path_below(const Folder& devices, const char* name) {
	return devices.path() + "/" + name;
}

Status sync_file_system(const Folder& folder) {
	return ::syncfs(folder.fd()) == 0 ? Status(Done{}) : Status(os_error(errno, folder.path()));
}

Status write_staged(const Folder& staged, const std::string& name, std::string_view text) {
	const UniqueFd file(uninterrupted([&] {
		return ::openat(
			staged.fd(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	}));
	if (!file)
		return os_error(errno, staged.path() + "/" + name);
	if (::fchmod(file.get(), 0644) != 0)    // whatever the umask is
		return os_error(errno, staged.path() + "/" + name);
	const Status written = write_all(file.get(), text);
	return written ? written : Status(written.error().within(staged.path() + "/" + name));
}

/// Whether the name in devices/ is the staged file and not somebody else's.
bool is_linked(const Folder& devices, const Folder& staged, const char* name) {
	struct stat one {};
	struct stat other {};
	return ::fstatat(staged.fd(), name, &one, AT_SYMLINK_NOFOLLOW) == 0 &&
		   ::fstatat(devices.fd(), name, &other, AT_SYMLINK_NOFOLLOW) == 0 &&
		   one.st_ino == other.st_ino && one.st_dev == other.st_dev;
}

Status take_back(const Folder& devices, const Folder& staged) {
	Status removed = Done{};
	const Status read = for_each_name(staged.fd(), [&](std::string_view name) {
		const std::string serial(name);
		if (is_linked(devices, staged, serial.c_str()))
			removed = remove_file(devices, serial);
		return removed.ok();
	});
	// The names are gone on disk before what tells of them goes.
	for (const Status& done : {read, removed, sync_file_system(devices)})
		if (!done)
			return done;
	return remove_tree(path_below(devices, kStaged));
}

}    // namespace

Status settle_import(const Folder& devices) {
	if (auto finished = remove_tree(path_below(devices, kRegistered)); !finished)
		return finished;
	const auto staged = Folder::trusted(path_below(devices, kStaged), geteuid());
	if (!staged)
		return staged.error().code == Fault::not_found ? Status(Done{}) : Status(staged.error());
	return take_back(devices, *staged);
}

Result<RegistryImport> RegistryImport::begin(const Paths& paths, std::size_t count) {
	auto registry = RegistryFolder::open(paths);
	if (!registry)
		return registry.error();
	auto turn = FileLock::take(registry->folder, kImportLock, 0);
	if (!turn)
		return turn.error().code == Fault::busy
				   ? Error{Fault::busy, "another import is at work", turn.error().os_errno}
				   : turn.error();
	const auto index = read_next_index(paths, registry->folder);
	if (!index)
		return index.error();
	const std::int64_t end = *index + static_cast<std::int64_t>(count);
	if (count > 0 && !make_device_address(end - 1))
		return Error{Fault::too_large, "there are not " + std::to_string(count) +
										   " addresses left: " + std::to_string(*index - 1) +
										   " have been given out, and none is ever given twice"};
	if (const auto reserved = write_next_index(registry->folder, end); !reserved)
		return reserved.error();
	const std::string path = path_below(registry->folder, kStaged);
	if (const auto made = make_folder(path, 0700); !made)
		return made.error();
	auto staged = Folder::open(path);
	if (!staged)
		return staged.error();
	return RegistryImport(std::move(registry->folder), std::move(*turn),
		std::make_unique<Folder>(std::move(*staged)), GroupIndex(paths, false), *index, end);
}

RegistryImport::~RegistryImport() {
	if (staged_)
		// What fails here, the next writer does.
		static_cast<void>(take_back(devices_, *staged_));
}

Status RegistryImport::stage(Device device) {
	auto address = next_ < end_ ? make_device_address(next_)
								: Error{Fault::internal, "more devices than were counted"};
	if (!address)
		return address.error();
	device.address = std::move(*address);
	const auto text = format_checked_device(device);
	if (!text)
		return text.error();
	if (auto listed = groups_.add(device.serial, device.groups); !listed)
		return listed;
	if (auto written = write_staged(*staged_, device.serial.str(), *text); !written)
		return written;
	++next_;
	return Done{};
}

Status RegistryImport::commit(const std::function<void(std::size_t done)>& progress) {
	if (auto synced = sync_file_system(*staged_); !synced)
		return synced;
	Status linked = Done{};
	std::size_t done = 0;
	const Status read = for_each_name(staged_->fd(), [&](std::string_view name) {
		const std::string serial(name);
		if (::linkat(staged_->fd(), serial.c_str(), devices_.fd(), serial.c_str(), 0) != 0)
			linked = errno == EEXIST
						 ? Error{Fault::exists,
							   "device " + serial + " has been registered meanwhile", EEXIST}
						 : os_error(errno, devices_.path() + "/" + serial);
		else
			progress(++done);
		return linked.ok();
	});
	for (const Status& each : {read, linked, sync_file_system(devices_)})
		if (!each)
			return each;
	if (::renameat(devices_.fd(), kStaged, devices_.fd(), kRegistered) != 0)
		return os_error(errno, path_below(devices_, kStaged));
	staged_.reset();    // from here on there is no way back
	if (::fsync(devices_.fd()) != 0)
		return os_error(errno, devices_.path());
	// What fails here, the next writer does.
	static_cast<void>(remove_tree(path_below(devices_, kRegistered)));
	return Done{};
}

}    // namespace rassist
