#include "common/records/window.hpp"

#include "common/base/lookup.hpp"
#include "common/base/path_parts.hpp"
#include "common/records/record.hpp"
#include "common/system/files.hpp"
#include "common/system/files_write.hpp"
#include "common/system/secret_file.hpp"

#include <algorithm>
#include <limits>

namespace rassist {
namespace {

constexpr std::size_t kCodeFileMax = 64;
constexpr std::size_t kCountFileMax = 32;
constexpr const char* kCountLock = ".wrong-codes.lock";    ///< beside the count

Result<Deadline> read_deadline(IniSection& section) {
	const auto wall = read_field(section, "expires", parse_count);
	if (!wall)
		return wall.error();
	const auto boot = read_field(section, "expires-boot", parse_count);
	if (!boot)
		return boot.error();
	const auto id = section.required("boot-id");
	if (!id)
		return id.error();
	return Deadline{*wall, Deadline::Boot{*boot, *id}};
}

/// A path of Paths as its folder, opened and believed, and the name in it.
struct FileBelow {
	Folder folder;
	std::string name;
};

Result<FileBelow> open_folder_of(const std::string& path, uid_t root) {
	const auto parts = split_path(path);
	if (!parts)
		return parts.error();
	auto folder = Folder::trusted(parts->folder, root);
	if (!folder)
		return folder.error();
	return FileBelow{std::move(*folder), parts->name};
}

Result<int> read_count(const FileBelow& place, uid_t root) {
	const auto text =
		place.folder.read(place.name, Trust{.owner = root, .max_size = kCountFileMax});
	if (!text) {
		if (text.error().code == Fault::not_found)
			return 0;
		return text.error();
	}
	const auto number = parse_integer(trimmed(*text), 0, std::numeric_limits<int>::max() - 1);
	if (!number)
		return number.error().within(place.folder.path() + "/" + place.name);
	return static_cast<int>(*number);
}

/// The count changed by `step` under the lock, never below 0.
Result<int> change_count(const Paths& paths, uid_t root, int step) {
	const auto place = open_folder_of(paths.wrong_codes(), root);
	if (!place)
		return place.error();
	const auto lock = FileLock::take(place->folder, kCountLock);
	if (!lock)
		return lock.error();
	const auto before = read_count(*place, root);
	if (!before)
		return before.error();
	const int after = std::max(0, *before + step);
	if (const auto written = write_file(place->folder, place->name, std::to_string(after) + "\n",
			Attributes{.mode = 0600, .owner = {}, .group = {}, .durable = false});
		!written)
		return written.error();
	return after;
}

}    // namespace

Result<Window> parse_window(std::string_view text, std::string_view file_name) {
	auto section = IniSection::read(text, "window", file_name);
	if (!section)
		return section.error();
	if (const auto version = section->version(); !version)
		return version.error();
	const auto id = read_field(*section, "id", Id::parse);
	if (!id)
		return id.error();
	const auto serial = read_field(*section, "serial", Serial::parse);
	if (!serial)
		return serial.error();
	const auto sequence = read_field(*section, "sequence", parse_count);
	if (!sequence)
		return sequence.error();
	const auto opened = read_field(*section, "opened", parse_count);
	if (!opened)
		return opened.error();
	const auto deadline = read_deadline(*section);
	if (!deadline)
		return deadline.error();
	const auto revision = read_field(*section, "revision", [](std::string_view value) {
		return parse_integer(value, 0, std::numeric_limits<int>::max());
	});
	if (!revision)
		return revision.error();
	const auto login = read_field(*section, "login-key", Fingerprint::parse);
	if (!login)
		return login.error();
	const auto host = read_field(*section, "host-key", Fingerprint::parse);
	if (!host)
		return host.error();
	if (const auto rest = section->finish(); !rest)
		return rest.error();
	return Window{
		*id, *serial, *sequence, *opened, *deadline, static_cast<int>(*revision), *login, *host};
}

Lookup<Window> read_window(const Paths& paths, uid_t root) {
	const auto place = open_folder_of(paths.window(), root);
	if (!place) {
		if (place.error().code == Fault::not_found)
			return std::nullopt;
		return place.error();
	}
	const auto text = place->folder.read(place->name, Trust{.owner = root});
	if (!text) {
		if (text.error().code == Fault::not_found)
			return std::nullopt;
		return text.error();
	}
	auto window = parse_window(*text, paths.window());
	if (!window)
		return window.error();
	return std::move(*window);
}

Lookup<Window> find_open_window(const Paths& paths, const Now& now, uid_t root) {
	auto window = read_window(paths, root);
	if (window.found() && window->deadline.passed(now))
		return std::nullopt;
	return window;
}

Result<Code> read_window_code(const Paths& paths, uid_t root) {
	const auto place = open_folder_of(paths.code(), root);
	if (!place)
		return place.error();
	const auto text = read_secret(
		place->folder, place->name, Trust{.owner = root, .max_size = kCodeFileMax, .secret = true});
	if (!text)
		return text.error();
	auto code = Code::parse(text->text());
	if (!code)
		return code.error().within(paths.code());
	return code;
}

Result<int> read_wrong_codes(const Paths& paths, uid_t root) {
	const auto place = open_folder_of(paths.wrong_codes(), root);
	if (!place) {
		if (place.error().code == Fault::not_found)
			return 0;
		return place.error();
	}
	return read_count(*place, root);
}

Result<int> count_wrong_code(const Paths& paths, uid_t root) {
	return change_count(paths, root, +1);
}

Status uncount_wrong_code(const Paths& paths, uid_t root) {
	const auto after = change_count(paths, root, -1);
	if (!after)
		return after.error();
	return Done{};
}

Status forget_wrong_codes(const Paths& paths) {
	if (auto removed = remove_file(paths.wrong_codes()); !removed)
		return removed;
	return remove_file(paths.run + "/" + kCountLock);
}

}    // namespace rassist
