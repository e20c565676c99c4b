#include "common/keys/digest.hpp"

#include "common/base/secret.hpp"
#include "common/keys/base64.hpp"
#include "common/keys/public_key.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>
#include <string>

namespace rassist {

Fingerprint fingerprint_of(const PublicKey& key) {
	const auto blob = decode_base64(key.base64());    // canonical, a PublicKey's promise
	std::array<char, 32> digest{};
	if (!blob ||
		EVP_Digest(blob->data(), blob->size(), reinterpret_cast<unsigned char*>(digest.data()),
			nullptr, EVP_sha256(), nullptr) != 1)
		throw std::runtime_error("OpenSSL has no SHA-256");
	const Secret base64 = encode_base64({digest.data(), digest.size()});
	auto fingerprint = Fingerprint::parse("SHA256:" + std::string(base64.text().substr(0, 43)));
	if (!fingerprint)
		throw std::logic_error(fingerprint.error().what);
	return std::move(*fingerprint);
}

}    // namespace rassist
