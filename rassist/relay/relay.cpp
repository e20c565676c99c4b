#include "rassist/relay/relay.hpp"

#include <algorithm>
#include <string>

namespace rassist::cli {

namespace {

/// What may be typed as a note. A record takes less (check_note), which is looked at where it is
/// written.
constexpr std::size_t kTypedNoteMax = 200;

}    // namespace

Status parse_note(std::string_view text) {
	const bool printable = std::ranges::all_of(
		text, [](char byte) { return static_cast<unsigned char>(byte) >= 0x20 && byte != 0x7f; });
	if (text.size() > kTypedNoteMax || !printable) {
		return Error{Fault::invalid,
			"not one printable line of at most " + std::to_string(kTypedNoteMax) + " bytes"};
	}
	return Done{};
}

}    // namespace rassist::cli
