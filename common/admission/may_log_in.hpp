// Whether a key may log in to an account of ours at this moment: what the AuthorizedKeysCommand
// helper and pam_rassist's session step both ask.
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

/// A grant that counts now, and for tunnel and activation the registry's word on its device (the
/// only one on its address).
struct AdmittedKey {
	Grant grant;
	std::optional<Device> device;
};

/// Looks into the folders that speak for the account, in their order; the first record of this key
/// decides. `fingerprint` is the key's. nullopt: none of them knows the key. expired: it was good
/// once. denied: its device is blocked or not registered, or its window revoked. Any other error: a
/// record or folder that is there and not believed.
[[nodiscard]] Lookup<AdmittedKey> may_log_in(std::string_view account, const PublicKey& key,
	const Fingerprint& fingerprint, const Paths& paths, const Now& now, uid_t root = 0);

}    // namespace rassist
