#include "rassist/relay/registry_folder.hpp"

#include "common/base/parse_network.hpp"
#include "common/records/record.hpp"
#include "common/system/files_write.hpp"
#include "rassist/relay/group_index_write.hpp"
#include "rassist/relay/registry_import.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <limits>
#include <set>

namespace rassist {
namespace {

constexpr const char* kLock = ".lock";
constexpr const char* kNext = ".next";
constexpr std::size_t kNextMax = 32;

/// The index past the highest address in use, for a registry that came without its counter, out of
/// a backup or an export.
Result<std::int64_t> index_past_all(const Paths& paths, const Folder& folder) {
	const auto names = folder.names();
	if (!names)
		return names.error();
	std::set<std::string> taken;
	for (const std::string& name : *names) {
		const auto serial = Serial::parse(name);
		if (!serial)
			continue;
		const auto device = find_device(paths, *serial, geteuid());
		if (device.failed())    // its address could be given out twice
			return device.error();
		if (device.found())
			taken.insert(device->address);
	}
	std::int64_t index = 1;
	for (; !taken.empty(); ++index) {
		const auto address = make_device_address(index);
		if (!address)
			return address.error();
		taken.erase(*address);
	}
	return index;
}

bool is_there(const Folder& folder, const char* name) {
	return ::faccessat(folder.fd(), name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/// Does what a crash left to be done, unless an import is at work now.
Status mend_registry(const Paths& paths, const Folder& devices) {
	const bool left_over = is_there(devices, kStaged) || is_there(devices, kRegistered);
	if (!left_over && groups_are_whole(paths))
		return Done{};
	const auto turn = FileLock::take(devices, kImportLock, 0);
	if (!turn)
		return turn.error().code == Fault::busy ? Status(Done{}) : Status(turn.error());
	if (left_over)
		if (auto settled = settle_import(devices); !settled)
			return settled;
	return groups_are_whole(paths) ? Status(Done{}) : mend_groups(paths);
}

}    // namespace

Result<RegistryFolder> RegistryFolder::open(const Paths& paths) {
	auto folder = Folder::trusted(paths.devices(), geteuid());
	if (!folder)
		return folder.error();
	auto lock = FileLock::take(*folder, kLock);
	if (!lock)
		return lock.error();
	if (const auto mended = mend_registry(paths, *folder); !mended)
		return mended.error();
	return RegistryFolder{std::move(*folder), std::move(*lock)};
}

Result<std::int64_t> read_next_index(const Paths& paths, const Folder& devices) {
	const auto text = devices.read(kNext, Trust{.owner = geteuid(), .max_size = kNextMax});
	if (!text) {
		if (text.error().code == Fault::not_found)
			return index_past_all(paths, devices);
		return text.error();
	}
	auto index = parse_integer(trimmed(*text), 1, std::numeric_limits<int>::max());
	if (!index)
		return index.error().within(devices.path() + "/" + kNext);
	return index;
}

Status write_next_index(const Folder& devices, std::int64_t index) {
	return write_file(
		devices, kNext, std::to_string(index) + "\n", Attributes{.owner = {}, .group = {}});
}

Result<std::string> format_checked_device(const Device& device) {
	if (const auto note = check_note(device.note); !note)
		return note.error();
	std::string text = format_device(device);
	if (const auto readable = parse_device(text, device.serial.str()); !readable)
		return readable.error();
	return text;
}

}    // namespace rassist
