#include "common/keys/public_key.hpp"

#include "common/base/parse.hpp"
#include "common/keys/base64.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace rassist {
namespace {

constexpr std::size_t kFingerprintLength = 43;    // 256 bits, six a character, no padding
constexpr std::size_t kKeyMax = 4096;

/// What a blob of this type holds: RFC 8709, RFC 4253, RFC 5656, PROTOCOL.u2f in OpenSSH.
struct KeyType {
	std::string_view name;
	int strings;              ///< in the blob, its name included
	std::string_view next;    ///< what the second string must be, if it is fixed
	std::size_t length;       ///< how long the second string must be, 0 for any
};

constexpr std::array<KeyType, 7> kKeyTypes{{
	{"ssh-ed25519", 2, "", 32},
	{"ssh-rsa", 3, "", 0},
	{"ecdsa-sha2-nistp256", 3, "nistp256", 0},
	{"ecdsa-sha2-nistp384", 3, "nistp384", 0},
	{"ecdsa-sha2-nistp521", 3, "nistp521", 0},
	{"sk-ssh-ed25519@openssh.com", 3, "", 32},
	{"sk-ecdsa-sha2-nistp256@openssh.com", 4, "nistp256", 0},
}};

/// The next length-prefixed string (RFC 4251 section 5), taken off the front.
std::optional<std::string_view> take_string(std::string_view& blob) {
	if (blob.size() < 4)
		return std::nullopt;
	std::size_t length = 0;
	for (const char c : blob.substr(0, 4))
		length = (length << 8) | static_cast<unsigned char>(c);
	blob.remove_prefix(4);
	if (blob.size() < length)
		return std::nullopt;
	const auto taken = blob.substr(0, length);
	blob.remove_prefix(length);
	return taken;
}

bool blob_is_of(const KeyType& type, std::string_view blob) {
	for (int i = 0; i < type.strings; ++i) {
		const auto field = take_string(blob);
		if (!field || field->empty())
			return false;
		if (i == 0 && *field != type.name)
			return false;
		if (i == 1 && ((!type.next.empty() && *field != type.next) ||
						  (type.length != 0 && field->size() != type.length)))
			return false;
	}
	return blob.empty();
}

bool is_certificate(std::string_view type) {
	return type.find("-cert-v0") != std::string_view::npos;
}

/// 43 characters of that alphabet, and nothing in the two bits past the 256.
bool is_fingerprint(std::string_view text, char sixty_two, char sixty_three) {
	if (text.size() != kFingerprintLength)
		return false;
	const auto in_alphabet = [&](char c) {
		return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			   c == sixty_two || c == sixty_three;
	};
	return std::all_of(text.begin(), text.end(), in_alphabet) &&
		   std::string_view("AEIMQUYcgkosw048").find(text.back()) != std::string_view::npos;
}

}    // namespace

Result<Fingerprint> Fingerprint::parse(std::string_view text) {
	constexpr std::string_view kPrefix = "SHA256:";
	if (!text.starts_with(kPrefix) || !is_fingerprint(text.substr(kPrefix.size()), '+', '/'))
		return Error{
			Fault::invalid, "not a fingerprint: " + quoted(text) +
								" (SHA256: and 43 characters, as ssh-keygen -l prints it)"};
	std::string name(text.substr(kPrefix.size()));
	std::replace(name.begin(), name.end(), '+', '-');
	std::replace(name.begin(), name.end(), '/', '_');
	return Fingerprint(std::move(name));
}

Result<Fingerprint> Fingerprint::parse_file_name(std::string_view text) {
	if (!is_fingerprint(text, '-', '_'))
		return Error{Fault::invalid, "not a fingerprint's file name: " + quoted(text) +
										 " (43 characters of A-Z, a-z, 0-9, - and _)"};
	return Fingerprint(std::string(text));
}

std::string Fingerprint::str() const {
	std::string text = name_;
	std::replace(text.begin(), text.end(), '-', '+');
	std::replace(text.begin(), text.end(), '_', '/');
	return "SHA256:" + text;
}

Result<PublicKey> PublicKey::parse(std::string_view text) {
	text = trimmed(text);
	if (text.size() > kKeyMax)
		return Error{Fault::too_large,
			"a public key has at most " + std::to_string(kKeyMax) + " characters"};
	if (text.find_first_of(std::string_view("\n\r\0", 3)) != std::string_view::npos)
		return Error{Fault::invalid,
			"a public key is one line: its type and base64, as in a .pub file of ssh-keygen"};
	const auto type_end = std::min(text.find_first_of(" \t"), text.size());
	const auto rest = trimmed(text.substr(type_end));
	return parse(text.substr(0, type_end), rest.substr(0, rest.find_first_of(" \t")));
}

// The text is not repeated in an error: people paste the private half by mistake.
Result<PublicKey> PublicKey::parse(std::string_view type, std::string_view base64) {
	if (is_certificate(type))
		return Error{Fault::invalid, "certificates are not accepted: give the plain public key"};
	const auto* known = std::find_if(
		kKeyTypes.begin(), kKeyTypes.end(), [&](const KeyType& one) { return one.name == type; });
	if (known == kKeyTypes.end())
		return Error{Fault::invalid,
			"not a public key of a type we accept (ssh-ed25519, ssh-rsa, "
			"ecdsa-sha2-nistp256, -384, -521, or sk- of the first and third)"};
	if (base64.size() > kKeyMax)
		return Error{Fault::too_large,
			"a public key has at most " + std::to_string(kKeyMax) + " characters"};
	const auto blob = decode_base64(base64);
	if (!blob)
		return Error{Fault::invalid, "the public key is not base64, or was cut"};
	if (!blob_is_of(*known, *blob))
		return Error{Fault::invalid,
			"the public key is damaged: what it holds is not of type " + std::string(type)};
	return PublicKey(std::string(type), std::string(base64));
}

}    // namespace rassist
