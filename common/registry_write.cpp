#include "common/registry_write.hpp"

#include "common/files.hpp"
#include "common/record.hpp"

#include <unistd.h>

#include <limits>
#include <set>

namespace rassist {
namespace {

constexpr const char* kLock = ".lock";
constexpr const char* kNext = ".next";    ///< the index of the next address: it only rises, so no device ever gets one that was another's
constexpr std::size_t kNextMax = 32;

/// The registry, held under its lock. Whoever writes it owns it: root, on a relay.
struct Registry {
	Folder folder;
	FileLock lock;

	static Result<Registry> open(const Paths& paths) {
		auto folder = Folder::open(paths.devices());
		if (!folder)
			return folder.error();
		if (const auto trusted = folder->require(geteuid()); !trusted)
			return trusted.error();
		auto lock = FileLock::take(*folder, kLock);
		if (!lock)
			return lock.error();
		return Registry{std::move(*folder), std::move(*lock)};
	}
};

/// Past the highest address in use: for a registry that came without its counter, out of a backup or an export.
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
		if (!device)    // its address could be given out twice
			return device.error();
		if (device->has_value())
			taken.insert((*device)->address);
	}
	std::int64_t index = 1;
	for (; !taken.empty(); ++index) {
		const auto address = device_address(index);
		if (!address)
			return address.error();
		taken.erase(*address);
	}
	return index;
}

Result<std::int64_t> next_index(const Paths& paths, const Folder& folder) {
	const auto text = folder.read(kNext, Trust{.owner = geteuid(), .max_size = kNextMax});
	if (!text) {
		if (text.error().code == Fault::not_found)
			return index_past_all(paths, folder);
		return text.error();
	}
	auto index = parse_integer(trimmed(*text), 1, std::numeric_limits<int>::max());
	if (!index)
		return index.error().within(folder.path() + "/" + kNext);
	return index;
}

/// The record as text, if readers will take it.
Result<std::string> checked_text(const Device& device) {
	if (const auto note = check_note(device.note); !note)
		return note.error();
	std::string text = format_device(device);
	if (const auto readable = parse_device(text, device.serial.str()); !readable)
		return readable.error();
	return text;
}

}    // namespace

Result<Device> add_device(const Paths& paths, Device device) {
	const auto registry = Registry::open(paths);
	if (!registry)
		return registry.error();
	const Folder& folder = registry->folder;
	const std::string& name = device.serial.str();
	// asked before an index is spent; the lock keeps the answer true
	const auto there = find_device(paths, device.serial, geteuid());
	if (!there)
		return there.error();
	if (there->has_value())
		return Error{Fault::exists, "device " + name + " is registered already"};
	const auto index = next_index(paths, folder);
	if (!index)
		return index.error();
	auto address = device_address(*index);
	if (!address)
		return address.error();
	device.address = std::move(*address);
	const auto text = checked_text(device);
	if (!text)
		return text.error();
	// counter first: a cut between the two wastes an address, the other way round would give it out twice
	if (const auto counted = write_file(folder, kNext, std::to_string(*index + 1) + "\n", Attributes{.owner = {}, .group = {}}); !counted)
		return counted.error();
	if (const auto written = write_file(folder, name, *text, Attributes{.owner = {}, .group = {}, .replace = false}); !written)
		return written.error();
	return device;
}

Status change_device(const Paths& paths, const Device& device) {
	const auto registry = Registry::open(paths);
	if (!registry)
		return registry.error();
	const auto text = checked_text(device);
	if (!text)
		return text.error();
	const auto there = find_device(paths, device.serial, geteuid());
	if (!there)
		return there.error();
	if (!there->has_value())
		return Error{Fault::not_found, "device " + device.serial.str() + " is not registered"};
	return write_file(registry->folder, device.serial.str(), *text, Attributes{.owner = {}, .group = {}});
}

Status remove_device(const Paths& paths, const Serial& serial) {
	const auto registry = Registry::open(paths);
	if (!registry)
		return registry.error();
	return remove_file(registry->folder, serial.str());
}

}    // namespace rassist
