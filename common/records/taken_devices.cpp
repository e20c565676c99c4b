#include "common/records/taken_devices.hpp"

#include "common/records/record.hpp"
#include "common/system/files.hpp"

namespace rassist {
namespace {

constexpr std::size_t kRecordMax = 4096;

}    // namespace

Result<std::vector<Serial>> parse_taken_devices(std::string_view text, std::string_view file_name) {
	auto section = IniSection::read(text, "taken", file_name);
	if (!section)
		return section.error();
	if (const auto version = section->version(); !version)
		return version.error();
	auto serials = read_words<Serial>(*section, "serials", Serial::parse);
	if (!serials)
		return serials.error();
	if (serials->size() > kTakenMost)
		return section->about(
			"serials", Error{Fault::too_large, "more than " + std::to_string(kTakenMost)});
	if (const auto rest = section->finish(); !rest)
		return rest.error();
	return serials;
}

std::vector<Serial> read_taken_devices(const Paths& paths, const std::string& person) {
	const auto folder = Folder::open(paths.taken());
	if (!folder)
		return {};
	const auto text = folder->read(person, Trust{.owner = folder->owner(), .max_size = kRecordMax});
	if (!text)
		return {};
	auto serials = parse_taken_devices(*text, person);
	return serials ? std::move(*serials) : std::vector<Serial>();
}

}    // namespace rassist
