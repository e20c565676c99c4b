#include "common/keys/base64.hpp"

#include <cstdint>

namespace rassist {

std::optional<std::string> decode_base64(std::string_view text) {
	if (text.empty() || text.size() % 4 != 0)
		return std::nullopt;
	const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
	text.remove_suffix(padding);
	std::string bytes;
	std::uint32_t held = 0;
	int bits = 0;
	for (const char c : text) {
		const auto value = kBase64Alphabet.find(c);
		if (c == '\0' || value == std::string_view::npos)
			return std::nullopt;
		held = (held << 6) | static_cast<std::uint32_t>(value);
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			bytes += static_cast<char>((held >> bits) & 0xffU);
		}
	}
	if ((held & ((1U << bits) - 1)) != 0)
		return std::nullopt;
	return bytes;
}

}    // namespace rassist
