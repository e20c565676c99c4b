// What the two sides of the key store share: a judged folder, one record in it, and the pointer
// that names a subject's record.
#pragma once

#include "common/admission/store.hpp"
#include "common/base/lookup.hpp"
#include "common/system/files.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace rassist {

/// below a place: SUBJECT holds the file name of its one grant
inline constexpr const char* kPointers = ".subjects";

struct StoreFolder {
	Folder folder;
	uid_t owner;    ///< who must own what is in it
};

/// Opens the folder and judges it. nullopt: it is not there.
[[nodiscard]] Lookup<StoreFolder> open_store_folder(const GrantFolder& place, uid_t root);
/// Reads the record of this name. nullopt: there is none.
[[nodiscard]] Lookup<Grant> read_grant(
	const StoreFolder& store, Role role, const std::string& name);
/// Reads which record is the subject's. nullopt: the subject has none. The record may be gone.
[[nodiscard]] Lookup<Fingerprint> read_pointer(
	const StoreFolder& store, const std::string& subject);

}    // namespace rassist
