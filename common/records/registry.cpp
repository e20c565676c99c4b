#include "common/records/registry.hpp"

#include "common/base/lookup.hpp"
#include "common/base/parse_network.hpp"
#include "common/records/record.hpp"
#include "common/system/files.hpp"

#include <sys/stat.h>

#include <algorithm>

namespace rassist {
Result<Device> parse_device(std::string_view text, std::string_view file_name) {
	auto section = IniSection::read(text, "device", file_name);
	if (!section)
		return section.error();
	if (const auto version = section->version(); !version)
		return version.error();
	const auto serial = read_field(*section, "serial", Serial::parse);
	if (!serial)
		return serial.error();
	const auto address = read_field(*section, "address", parse_device_address);
	if (!address)
		return address.error();
	// required: a record cut short must not read as "not blocked"
	const auto blocked = read_field(*section, "blocked", parse_yes_no);
	if (!blocked)
		return blocked.error();
	const auto added = read_field(*section, "added", parse_count);
	if (!added)
		return added.error();
	auto groups = read_words<Name>(*section, "groups", Name::parse);
	if (!groups)
		return groups.error();
	auto note = read_note(*section);
	if (!note)
		return note.error();
	if (const auto rest = section->finish(); !rest)
		return rest.error();
	return Device{*serial, *address, *blocked, std::move(*groups), std::move(*note), *added};
}

Lookup<Device> find_device(const Paths& paths, const Serial& serial, uid_t root) {
	const auto folder = Folder::open(paths.devices());
	if (!folder) {
		// a disk that is not mounted must not tell every device that it was removed
		if (folder.error().code == Fault::not_found)
			return Error{Fault::unavailable, folder.error().what, folder.error().os_errno};
		return folder.error();
	}
	if (const auto trusted = folder->require(root); !trusted)
		return trusted.error();
	const auto text = folder->read(serial.str(), Trust{.owner = root});
	if (!text) {
		if (text.error().code == Fault::not_found)
			return std::nullopt;
		return text.error();
	}
	const std::string path = folder->path() + "/" + serial.str();
	auto device = parse_device(*text, path);
	if (!device)
		return device.error();
	if (device->serial != serial)
		return Error{
			Fault::untrusted, path + ": the record of another device, " + device->serial.str()};
	return std::move(*device);
}

bool is_tunnel_up(const Paths& paths, const Serial& serial) {
	return is_locked(paths.ready() + "/" + serial.str());
}

std::optional<std::int64_t> find_tunnel_start(const Paths& paths, const Serial& serial) {
	struct stat status {};
	if (!is_tunnel_up(paths, serial) ||
		lstat((paths.ready() + "/" + serial.str()).c_str(), &status) != 0)
		return std::nullopt;
	return status.st_mtim.tv_sec;
}

}    // namespace rassist
