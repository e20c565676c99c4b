// Ed25519 private keys, and how a code becomes two of them. Needs libcrypto (private_key.cpp, derive.cpp).
#pragma once

#include "common/code.hpp"
#include "common/parse.hpp"
#include "common/public_key.hpp"
#include "common/result.hpp"
#include "common/secret.hpp"

#include <string_view>

namespace rassist {

class PrivateKey {
public:
	static Result<PrivateKey> generate();                       ///< a fresh one from the system's random source
	static Result<PrivateKey> from_seed(const Secret& seed);    ///< 32 bytes, RFC 8032

	[[nodiscard]] const PublicKey& public_key() const noexcept { return public_key_; }
	/// The file ssh and sshd read: openssh-key-v1 (PROTOCOL.key in OpenSSH), no passphrase. PKCS#8 Ed25519 is readable only from OpenSSH 9.6 on.
	[[nodiscard]] Secret openssh_pem(std::string_view comment) const;
	/// The 64 bytes seed‖public, as SSH_AGENTC_ADD_IDENTITY carries them (draft-ietf-sshm-ssh-agent).
	[[nodiscard]] Secret seed_and_public() const;

private:
	PrivateKey(Secret seed, PublicKey key) : seed_(std::move(seed)), public_key_(std::move(key)) {}
	Secret seed_;
	PublicKey public_key_;
};

/// The keys of one window.
struct WindowKeys {
	PrivateKey login;    ///< support logs in with it
	PrivateKey host;     ///< the door's host key
};

/// Suite 1 of docs/code-format.md: master = scrypt(12 characters of the code, "rassist/1/window/SERIAL", N=2^16, r=8, p=1); seeds by HKDF-SHA256 with
/// the labels "rassist/1/login-key" and "rassist/1/host-key". About 0.2 s and 64 MiB. unsupported where the system's OpenSSL has no scrypt or Ed25519
/// (FIPS mode), in one clear sentence.
[[nodiscard]] Result<WindowKeys> derive_window_keys(const Code& code, const Serial& serial);

/// The key that registers a device's identity once: same derivation, purpose "activation", label "activation-key".
[[nodiscard]] Result<PrivateKey> derive_activation_key(const Code& token, const Serial& serial);

}    // namespace rassist
