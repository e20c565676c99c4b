// The part of base64.hpp that the key helper does not need.
#include "common/base/secret.hpp"
#include "common/keys/base64.hpp"

#include <algorithm>
#include <cstdint>

namespace rassist {

Secret encode_base64(std::string_view bytes) {
	Secret text(4 * ((bytes.size() + 2) / 3));
	std::size_t to = 0;
	for (std::size_t at = 0; at < bytes.size(); at += 3) {
		const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
		std::uint32_t group = 0;
		for (std::size_t i = 0; i < 3; ++i)
			group = (group << 8) | (i < count ? static_cast<unsigned char>(bytes[at + i]) : 0U);
		for (std::size_t i = 0; i < 4; ++i, group <<= 6)
			text.bytes()[to++] = static_cast<unsigned char>(
				i <= count ? kBase64Alphabet[(group >> 18) & 0x3fU] : '=');
	}
	return text;
}

}    // namespace rassist
