#include "common/records/record.hpp"

#include <algorithm>
#include <limits>

namespace rassist {
namespace {

constexpr std::size_t kRecordNoteMax = 120;    // what IniWriter leaves on one line

}    // namespace

Result<std::int64_t> parse_count(std::string_view text) {
	return parse_integer(text, 0, std::numeric_limits<std::int64_t>::max());
}

Status check_note(std::string_view text) {
	const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
	if (text.size() > kRecordNoteMax || std::any_of(text.begin(), text.end(), control) ||
		trimmed(text) != text)
		return Error{Fault::invalid, "a note is one line of at most " +
										 std::to_string(kRecordNoteMax) +
										 " bytes, with no blank at its ends"};
	// inih takes it for a comment
	if (text.starts_with(';') || text.find(" ;") != std::string_view::npos)
		return Error{Fault::invalid, "a note has no ';' at the beginning of a word"};
	return Done{};
}

Result<std::string> read_note(IniSection& section) {
	auto note = section.optional("note");
	if (const auto good = check_note(note); !good)
		return section.about("note", good.error());
	return note;
}

Result<PublicKey> read_key(IniSection& section) {
	const auto type = section.required("key-type");
	if (!type)
		return type.error();
	return read_field(
		section, "key", [&](std::string_view base64) { return PublicKey::parse(*type, base64); });
}

}    // namespace rassist
