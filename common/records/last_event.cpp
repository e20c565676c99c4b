#include "common/records/last_event.hpp"

#include "common/base/lookup.hpp"
#include "common/records/record.hpp"
#include "common/system/files.hpp"
#include "common/system/files_write.hpp"

namespace rassist {
namespace {

std::string folder_of(const Paths& paths, LastEventKind from) {
	return paths.last() + (from == LastEventKind::hold ? "/hold" : "/enroll");
}

/// nullopt where the key is missing.
Lookup<Id> read_id(IniSection& section, std::string_view key) {
	if (!section.has(key))
		return std::nullopt;
	auto id = read_field(section, key, Id::parse);
	if (!id)
		return id.error();
	return *std::move(id);
}

}    // namespace

Result<LastEvent> parse_last_event(std::string_view text, std::string_view file_name) {
	auto section = IniSection::read(text, "last", file_name);
	if (!section)
		return section.error();
	if (const auto version = section->version(); !version)
		return version.error();
	LastEvent last;
	const auto at = read_field(*section, "at", parse_count);
	if (!at)
		return at.error();
	last.at = *at;
	last.reason = section->optional("reason");
	last.sentence = section->optional("sentence");
	auto id = read_id(*section, "id");
	if (id.failed())
		return id.error();
	auto window = read_id(*section, "window");
	if (window.failed())
		return window.error();
	last.id = std::move(id).optional();
	last.window = std::move(window).optional();
	if (const auto rest = section->finish(); !rest)
		return rest.error();
	return last;
}

std::string format_last_event(const LastEvent& last) {
	IniWriter writer("last");
	writer.add("version", "1").add("at", std::to_string(last.at));
	writer.add_sentence("reason", last.reason).add_sentence("sentence", last.sentence);
	writer.add_if("id", last.id ? last.id->str() : "")
		.add_if("window", last.window ? last.window->str() : "");
	return writer.text();
}

std::optional<LastEvent> read_last_event(
	const Paths& paths, LastEventKind from, const Serial& serial) {
	const auto folder = Folder::open(folder_of(paths, from));
	if (!folder || !folder->require(folder->owner()))
		return std::nullopt;
	const auto text = folder->read(serial.str(), Trust{.owner = folder->owner(), .max_size = 4096});
	if (!text)
		return std::nullopt;
	auto last = parse_last_event(*text, serial.str());
	return last ? std::optional(*std::move(last)) : std::nullopt;
}

Status write_last_event(
	const Paths& paths, LastEventKind from, const Serial& serial, const LastEvent& last) {
	Attributes attributes;
	attributes.durable = false;    // what a crash takes is missed by nobody
	return write_file(
		folder_of(paths, from) + "/" + serial.str(), format_last_event(last), attributes);
}

}    // namespace rassist
