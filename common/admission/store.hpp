// The key store, reading side: folders of grants. What the AuthorizedKeysCommand helper links; it
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

/// The one table: which folders speak for an account, in order. Empty for an account that is not
/// ours.
[[nodiscard]] std::vector<GrantFolder> grant_folders_of(
	std::string_view account, const Paths& paths);
[[nodiscard]] GrantFolder grant_folder_of(Role role, const Paths& paths);

/// The grant of this key in this folder. nullopt: no such record. An error: a record (or folder)
/// that is there and not believed: wrong owner, mode, type, size, text, a role that is not the
/// folder's. `root` is the uid that stands for root (tests have their own); the folder above must
/// be root's. That the record's key has the fingerprint of the file's name is NOT checked: it takes
/// libcrypto, which the helper does not link. put_grant writes no such record; who acts on a record
/// of a key that was presented compares the two keys' text (sshd's %k) himself.
[[nodiscard]] Lookup<Grant> find_grant(
	const GrantFolder& place, const Fingerprint& fingerprint, uid_t root = 0);

/// The grant of a subject in a folder of one grant per subject (windows/, identities/,
/// activations/), through its `.subjects/` entry. nullopt: none.
[[nodiscard]] Lookup<Grant> find_grant_of(
	const GrantFolder& place, std::string_view subject, uid_t root = 0);

/// What is listed where many records are read: the good ones and, apart, what is wrong with the
/// others.
struct GrantList {
	std::vector<Grant> grants;
	std::vector<Error> refused;
};
[[nodiscard]] Result<GrantList> list_grants(const GrantFolder& place, uid_t root = 0);

}    // namespace rassist
