// How a code becomes keys. Needs libcrypto.
#pragma once

#include "common/base/parse.hpp"
#include "common/base/result.hpp"
#include "common/keys/code.hpp"
#include "common/keys/private_key.hpp"

namespace rassist {

/// The keys of one window.
struct WindowKeys {
	PrivateKey login;    ///< support logs in with it
	PrivateKey host;     ///< the door's host key
};

/// Suite 1 of docs/code-format.md: master = scrypt(12 characters of the code,
/// "rassist/1/window/SERIAL", N=2^16, r=8, p=1); seeds by HKDF-SHA256 with the labels
/// "rassist/1/login-key" and "rassist/1/host-key". About 0.2 s and 64 MiB. unsupported where the
/// system's OpenSSL has no scrypt or Ed25519 (FIPS mode), in one clear sentence.
[[nodiscard]] Result<WindowKeys> derive_window_keys(const Code& code, const Serial& serial);

/// The key that registers a device's identity once: same derivation, purpose "activation", label
/// "activation-key".
[[nodiscard]] Result<PrivateKey> derive_activation_key(const Code& token, const Serial& serial);

}    // namespace rassist
