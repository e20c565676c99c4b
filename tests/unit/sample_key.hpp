// Public keys for tests, made of their wire format; nobody has their private halves.
#pragma once

#include "common/keys/public_key.hpp"

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace rassist::test {

inline std::string base64_of(std::string_view bytes) {
	constexpr std::string_view kAlphabet =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	std::string text;
	for (std::size_t at = 0; at < bytes.size(); at += 3) {
		unsigned group = 0;
		for (std::size_t i = 0; i < 3; ++i)
			group = (group << 8) |
					(at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U);
		for (std::size_t i = 0; i < 4; ++i)
			text += at + i <= bytes.size() && i <= bytes.size() - at
						? kAlphabet[(group >> (18 - 6 * i)) & 63U]
						: '=';
	}
	return text;
}

/// The strings of a blob, each with its length before it.
inline std::string blob_of(const std::vector<std::string>& strings) {
	std::string blob;
	for (const std::string& one : strings) {
		for (const int shift : {24, 16, 8, 0})
			blob += static_cast<char>((one.size() >> shift) & 0xffU);
		blob += one;
	}
	return blob;
}

/// One of 256 different Ed25519 keys.
inline PublicKey sample_key(int which = 1) {
	auto key = PublicKey::parse("ssh-ed25519",
		base64_of(blob_of({"ssh-ed25519", std::string(32, static_cast<char>(which))})));
	if (!key)
		throw std::logic_error(key.error().what);
	return *key;
}

inline PublicKey sample_rsa_key(int bits) {
	std::string modulus(static_cast<std::size_t>(bits) / 8 + 1, '\xc5');
	modulus[0] = '\0';
	auto key =
		PublicKey::parse("ssh-rsa", base64_of(blob_of({"ssh-rsa", {"\x01\x00\x01", 3}, modulus})));
	if (!key)
		throw std::logic_error(key.error().what);
	return *key;
}

}    // namespace rassist::test
