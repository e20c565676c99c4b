// The fingerprint of a public key. It takes libcrypto; the key helper gets the fingerprint from
// sshd (%f) and does not link this.
#pragma once

#include "common/keys/public_key.hpp"

namespace rassist {

/// SHA-256 of the blob.
[[nodiscard]] Fingerprint fingerprint_of(const PublicKey& key);

}    // namespace rassist
