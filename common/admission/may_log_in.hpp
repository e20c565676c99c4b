// Whether a key may log in to an account of ours at this moment. The key helper (sshd's
// AuthorizedKeysCommand) and pam_rassist's session step both ask this.
#pragma once

#include "common/base/lookup.hpp"
#include "common/base/paths.hpp"
#include "common/base/result.hpp"
#include "common/keys/public_key.hpp"
#include "common/records/grant.hpp"
#include "common/records/registry.hpp"
#include "common/system/clock.hpp"

#include <optional>
#include <string_view>

namespace rassist {

/// A grant that counts now. For tunnel and activation the device's record comes with it, for only
/// the registry says which address is the device's.
struct AdmittedKey {
	Grant grant;
	std::optional<Device> device;
};

/// Looks into the folders that speak for the account, in their order; the first record of this key
/// decides. `fingerprint` is the key's. nullopt: none of them knows the key. expired: the grant was
/// good once. denied: its device is blocked or not registered, or its window was revoked. Any other
/// error: a record or folder is there and not believed.
[[nodiscard]] Lookup<AdmittedKey> may_log_in(std::string_view account, const PublicKey& key,
	const Fingerprint& fingerprint, const Paths& paths, const Now& now, uid_t root = 0);

}    // namespace rassist
