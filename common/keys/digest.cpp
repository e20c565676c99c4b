#include "common/keys/digest.hpp"
#include "common/keys/public_key.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <vector>

namespace rassist {

Fingerprint fingerprint_of(const PublicKey& key) {
	const std::string& text = key.base64();    // canonical, a PublicKey's promise
	std::vector<unsigned char> blob(text.size());
	const int decoded = EVP_DecodeBlock(blob.data(),
		reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
	const auto padding = std::count(text.begin(), text.end(), '=');
	std::array<unsigned char, 32> digest{};
	if (decoded < padding || EVP_Digest(blob.data(), static_cast<std::size_t>(decoded - padding),
								 digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
		throw std::runtime_error("OpenSSL has no SHA-256");
	std::array<unsigned char, 45> base64{};    // 44 characters, the last one '=', and NUL
	EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(digest.size()));
	auto fingerprint = Fingerprint::parse(
		"SHA256:" + std::string(reinterpret_cast<const char*>(base64.data()), 43));
	if (!fingerprint)
		throw std::logic_error(fingerprint.error().what);
	return std::move(*fingerprint);
}

}    // namespace rassist
