// Suite 1 of docs/code-format.md: a code becomes Ed25519 keys.
#include "common/keys/derive.hpp"
#include "common/keys/private_key.hpp"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace rassist {
namespace {

constexpr std::size_t kBytes = 32;
constexpr std::size_t kDataCharacters = 12;    // of a code: its check character adds nothing
constexpr std::uint64_t kN = 1U << 16;
constexpr std::uint32_t kR = 8;
constexpr std::uint32_t kP = 1;
// it takes 64 MiB; OpenSSL's own limit is 32
constexpr std::uint64_t kMaxMemory = 128ULL * 1024 * 1024;

using Kdf = std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)>;
using KdfContext = std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)>;

OSSL_PARAM octets(const char* name, std::string_view bytes) {
	return OSSL_PARAM_construct_octet_string(name, const_cast<char*>(bytes.data()), bytes.size());
}

/// nullopt: this OpenSSL has no such function, or will not run it.
std::optional<Secret> derive(const char* function, std::span<const OSSL_PARAM> parameters) {
	const Kdf kdf(EVP_KDF_fetch(nullptr, function, nullptr), EVP_KDF_free);
	const KdfContext context(kdf ? EVP_KDF_CTX_new(kdf.get()) : nullptr, EVP_KDF_CTX_free);
	Secret out(kBytes);
	if (!context ||
		EVP_KDF_derive(context.get(), out.bytes().data(), out.size(), parameters.data()) != 1) {
		ERR_clear_error();
		return std::nullopt;
	}
	return out;
}

Error unsupported(std::string_view what) {
	return {Fault::unsupported, "this system's OpenSSL (FIPS mode) offers no " + std::string(what) +
									", which the keys of a code are derived with"};
}

Result<Secret> master_of(const Code& code, std::string_view purpose, const Serial& serial) {
	// neither part can hold a '/': the purposes are ours, and a serial is a DNS label
	const std::string salt = "rassist/1/" + std::string(purpose) + "/" + serial.str();
	std::uint64_t n = kN;
	std::uint64_t max_memory = kMaxMemory;
	std::uint32_t r = kR;
	std::uint32_t p = kP;
	const std::array<OSSL_PARAM, 7> parameters{
		octets(OSSL_KDF_PARAM_PASSWORD, code.canonical().substr(0, kDataCharacters)),
		octets(OSSL_KDF_PARAM_SALT, salt),
		OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &n),
		OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_R, &r),
		OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_P, &p),
		OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_MAXMEM, &max_memory),
		OSSL_PARAM_construct_end(),
	};
	auto master = derive("SCRYPT", parameters);
	if (!master)
		return unsupported("scrypt");
	return std::move(*master);
}

Result<PrivateKey> key_of(const Secret& master, std::string_view label) {
	const std::string info = "rassist/1/" + std::string(label);
	std::string digest = "SHA256";
	const std::array<OSSL_PARAM, 4> parameters{
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
		octets(OSSL_KDF_PARAM_KEY, master.text()),
		octets(OSSL_KDF_PARAM_INFO, info),
		OSSL_PARAM_construct_end(),
	};
	const auto seed = derive("HKDF", parameters);
	if (!seed)
		return unsupported("HKDF");
	return PrivateKey::from_seed(*seed);
}

}    // namespace

Result<WindowKeys> derive_window_keys(const Code& code, const Serial& serial) {
	const auto master = master_of(code, "window", serial);
	if (!master)
		return master.error();
	auto login = key_of(*master, "login-key");
	if (!login)
		return login.error();
	auto host = key_of(*master, "host-key");
	if (!host)
		return host.error();
	return WindowKeys{std::move(*login), std::move(*host)};
}

Result<PrivateKey> derive_activation_key(const Code& token, const Serial& serial) {
	const auto master = master_of(token, "activation", serial);
	if (!master)
		return master.error();
	return key_of(*master, "activation-key");
}

}    // namespace rassist
