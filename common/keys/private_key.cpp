#include "common/keys/private_key.hpp"

#include "common/keys/base64.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

namespace rassist {
namespace {

constexpr std::size_t kSeed = 32;
constexpr std::size_t kPublic = 32;
constexpr std::string_view kType = "ssh-ed25519";
constexpr std::size_t kPemColumns = 70;    // as ssh-keygen writes it

using Pkey = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

std::string_view view(std::span<const unsigned char> bytes) {
	return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// uint32 of RFC 4251 section 5.
std::string number(std::size_t value) {
	std::string bytes;
	for (const int shift : {24, 16, 8, 0})
		bytes += static_cast<char>((value >> shift) & 0xffU);
	return bytes;
}

/// string of RFC 4251 section 5.
void add_string(Secret& to, std::string_view text) {
	to.append(number(text.size()));
	to.append(text);
}

Secret blob_of(std::string_view raw_public) {
	Secret blob;
	add_string(blob, kType);
	add_string(blob, raw_public);
	return blob;
}

}    // namespace

Result<PrivateKey> PrivateKey::generate() {
	Secret seed(kSeed);
	if (getentropy(seed.bytes().data(), seed.size()) != 0)
		std::abort();
	return from_seed(seed);
}

Result<PrivateKey> PrivateKey::from_seed(const Secret& seed) {
	if (seed.size() != kSeed)
		return Error{Fault::invalid, "an Ed25519 seed has 32 bytes"};
	const Pkey pkey(
		EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.bytes().data(), seed.size()),
		EVP_PKEY_free);
	std::array<unsigned char, kPublic> raw{};
	std::size_t size = raw.size();
	if (!pkey || EVP_PKEY_get_raw_public_key(pkey.get(), raw.data(), &size) != 1 ||
		size != raw.size()) {
		ERR_clear_error();
		return Error{Fault::unsupported, "this system's OpenSSL (FIPS mode) offers no Ed25519, of "
										 "which the keys of rassist are made"};
	}
	auto key = PublicKey::parse(kType, encode_base64(blob_of(view(raw)).text()).text());
	if (!key)
		return key.error();
	return PrivateKey(seed.clone(), std::move(*key));
}

Secret PrivateKey::seed_and_public() const {
	const auto blob = decode_base64(public_key_.base64());    // canonical, a PublicKey's promise
	Secret both = seed_.clone();
	both.append(std::string_view(blob.value()).substr(4 + kType.size() + 4, kPublic));
	return both;
}

// PROTOCOL.key in OpenSSH
Secret PrivateKey::openssh_pem(std::string_view comment) const {
	const Secret both = seed_and_public();
	const auto raw = both.text().substr(kSeed);
	// twice the same: how a reader of an encrypted one knows the right passphrase
	std::array<char, 4> check{};
	if (getentropy(check.data(), check.size()) != 0)
		std::abort();

	Secret inner;
	inner.append({check.data(), check.size()});
	inner.append({check.data(), check.size()});
	add_string(inner, kType);
	add_string(inner, raw);
	add_string(inner, both.text());
	add_string(inner, comment);
	for (char pad = 1; inner.size() % 8 != 0; ++pad)    // the block size of cipher "none"
		inner.append({&pad, 1});

	Secret file(std::string_view("openssh-key-v1\0", 15));
	add_string(file, "none");    // cipher
	add_string(file, "none");    // key derivation
	add_string(file, "");
	file.append(number(1));
	add_string(file, blob_of(raw).text());
	add_string(file, inner.text());

	const Secret text = encode_base64(file.text());
	Secret pem("-----BEGIN OPENSSH PRIVATE KEY-----\n");
	for (std::size_t at = 0; at < text.size(); at += kPemColumns) {
		pem.append(text.text().substr(at, kPemColumns));
		pem.append("\n");
	}
	pem.append("-----END OPENSSH PRIVATE KEY-----\n");
	return pem;
}

}    // namespace rassist
