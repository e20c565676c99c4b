// The reading side of the key store: folders of grants. The key helper links this side alone, and
// can write nothing.
#pragma once

#include "common/base/lookup.hpp"
#include "common/base/paths.hpp"
#include "common/base/result.hpp"
#include "common/records/grant.hpp"
#include "common/system/files.hpp"

#include <optional>
#include <string>
#include <vector>

namespace rassist {

/// Who must own a record for it to be believed.
enum class Issuer { root, folder_owner };

/// One role's folder: its records may have that role and no other.
struct GrantFolder {
	Role role = Role::none;
	std::string path;
	Issuer issuer = Issuer::root;
};

/// Which folders speak for an account, in order; none for an account that is not ours. No other
/// place knows this.
[[nodiscard]] std::vector<GrantFolder> grant_folders_of(
	std::string_view account, const Paths& paths);
[[nodiscard]] GrantFolder grant_folder_of(Role role, const Paths& paths);

/// Reads the grant of this key in this folder. nullopt: there is no such record. An error: a record
/// (or folder) is there and not believed for its owner, mode, type, size or text, or for a role
/// that is not the folder's. `root` is the uid that stands for root (tests have their own); the
/// folder above must be root's. That the record's key has the fingerprint of the file's name is NOT
/// checked: it takes libcrypto, which the helper does not link. put_grant writes no such record; a
/// caller to whom a key was presented compares the two keys' text (sshd's %k) itself.
[[nodiscard]] Lookup<Grant> find_grant(
	const GrantFolder& place, const Fingerprint& fingerprint, uid_t root = 0);

/// Reads the grant of a subject in a folder of one grant per subject (windows/, identities/,
/// activations/), through its `.subjects/` entry. nullopt: the subject has none.
[[nodiscard]] Lookup<Grant> find_grant_of(
	const GrantFolder& place, std::string_view subject, uid_t root = 0);

/// The records of a folder: the good ones and, apart from them, what is wrong with the others.
struct GrantList {
	std::vector<Grant> grants;
	std::vector<Error> refused;
};
[[nodiscard]] Result<GrantList> list_grants(const GrantFolder& place, uid_t root = 0);

}    // namespace rassist
