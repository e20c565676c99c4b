#include "common/records/revoked_window.hpp"

#include "common/records/record.hpp"

namespace rassist {

Result<RevokedWindow> parse_revoked_window(std::string_view text, std::string_view file_name) {
	auto section = IniSection::read(text, "revoked", file_name);
	if (!section)
		return section.error();
	if (const auto version = section->version(); !version)
		return version.error();
	const auto window = read_field(*section, "window", Id::parse);
	if (!window)
		return window.error();
	const auto serial = read_field(*section, "serial", Serial::parse);
	if (!serial)
		return serial.error();
	const auto issued = read_field(*section, "issued", parse_count);
	if (!issued)
		return issued.error();
	const auto expires = read_field(*section, "expires", parse_count);
	if (!expires)
		return expires.error();
	if (const auto rest = section->finish(); !rest)
		return rest.error();
	return RevokedWindow{*window, *serial, *issued, *expires};
}

Result<RevokedWindow> read_revoked_window(
	const Folder& folder, const std::string& name, uid_t root) {
	const auto text = folder.read(name, Trust{.owner = root});
	return text ? parse_revoked_window(*text, folder.path() + "/" + name) : text.error();
}

Result<bool> is_window_revoked(const Paths& paths, const Id& window, const Now& now, uid_t root) {
	const auto folder = Folder::trusted(paths.revoked(), root);
	if (!folder)    // missing as well: a deny that was lost is none that was lifted
		return folder.error();
	const auto revoked = read_revoked_window(*folder, window.str(), root);
	if (revoked)
		return revoked->expires > now.wall;
	if (revoked.error().code == Fault::not_found)
		return false;
	return revoked.error();
}

}    // namespace rassist
