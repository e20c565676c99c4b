// Base64 of RFC 4648, section 4, with padding: how public keys are written.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rassist {

class Secret;

inline constexpr std::string_view kBase64Alphabet =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// nullopt: not base64, or not canonical (RFC 4648, section 3.5): a blob has one text alone.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);
/// A Secret, for private keys are written so as well.
[[nodiscard]] Secret encode_base64(std::string_view bytes);

}    // namespace rassist
