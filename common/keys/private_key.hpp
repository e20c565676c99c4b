// Ed25519 private keys. They take libcrypto.
#pragma once

#include "common/base/parse.hpp"
#include "common/base/result.hpp"
#include "common/base/secret.hpp"
#include "common/keys/code.hpp"
#include "common/keys/public_key.hpp"

#include <string_view>

namespace rassist {

class PrivateKey {
public:
	/// a fresh one from the system's random source
	static Result<PrivateKey> generate();
	static Result<PrivateKey> from_seed(const Secret& seed);    ///< 32 bytes, RFC 8032

	[[nodiscard]] const PublicKey& public_key() const noexcept { return public_key_; }
	/// The file ssh and sshd read: openssh-key-v1 (PROTOCOL.key in OpenSSH), no passphrase. PKCS#8
	/// Ed25519 is readable only from OpenSSH 9.6 on.
	[[nodiscard]] Secret openssh_pem(std::string_view comment) const;
	/// The 64 bytes seed‖public, as SSH_AGENTC_ADD_IDENTITY carries them
	/// (draft-ietf-sshm-ssh-agent).
	[[nodiscard]] Secret seed_and_public() const;

private:
	PrivateKey(Secret seed, PublicKey key) : seed_(std::move(seed)), public_key_(std::move(key)) {}
	Secret seed_;
	PublicKey public_key_;
};

}    // namespace rassist
