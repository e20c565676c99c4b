#include "rassist/relay/relay.hpp"

#include <algorithm>
#include <string>

namespace rassist::cli {

namespace {

constexpr std::size_t kNoteMax = 200;

}    // namespace

Status parse_note(std::string_view text) {
	const bool printable = std::ranges::all_of(
		text, [](char byte) { return static_cast<unsigned char>(byte) >= 0x20 && byte != 0x7f; });
	if (text.size() > kNoteMax || !printable) {
		return Error{Fault::invalid,
			"not one printable line of at most " + std::to_string(kNoteMax) + " bytes"};
	}
	return Done{};
}

}    // namespace rassist::cli
