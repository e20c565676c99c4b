// The writing side of the key store. Neither the key helper nor pam_rassist links it.
#pragma once

#include "common/admission/store.hpp"
#include "common/records/grant.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace rassist {

/// Stores a grant. Roles assist, tunnel, identity, activation: one per subject, so the subject's
/// former one is replaced under the subject's lock, new one first. staff: one per key. A key that
/// already has a grant for another subject in this folder is refused (exists) and nothing changes.
/// The same key and subject again replaces the record (extend). durable=false for tmpfs.
[[nodiscard]] Status put_grant(
	const GrantFolder& place, const Grant& grant, bool durable = true, uid_t root = 0);

/// Replaces the subject's grant, under its lock, by what `next` makes of it; `next` gets none where
/// there is none or it is not believed. Where `next` makes none, nothing changes. This is for roles
/// of one grant per subject.
using NextGrant = std::function<std::optional<Grant>(const std::optional<Grant>& former)>;
[[nodiscard]] Status replace_grant(const GrantFolder& place, const std::string& subject,
	const NextGrant& next, bool durable = true, uid_t root = 0);

/// Does the same for a key of staff, of which a person may have several, under the folder's lock,
/// which every writer of that folder takes.
[[nodiscard]] Status replace_key(const GrantFolder& place, const Fingerprint& key,
	const NextGrant& next, bool durable = true, uid_t root = 0);

/// Removes the grant of this key; a missing one is fine.
[[nodiscard]] Status remove_grant(
	const GrantFolder& place, const Fingerprint& fingerprint, uid_t root = 0);
/// Removes every grant of this subject. The result is their number.
[[nodiscard]] Result<int> remove_grants_of(
	const GrantFolder& place, std::string_view subject, uid_t root = 0);

/// Removes the grant of this key, its subject's entry and lock, if the grant ended before that time
/// (UTC seconds). The result says whether it did.
[[nodiscard]] Result<bool> remove_expired(const GrantFolder& place, const Fingerprint& fingerprint,
	std::int64_t ended_before, uid_t root = 0);

/// Removes a subject's entry and lock if no grant of it is left (one was used up, or a writer was
/// killed). The result says whether there was such an entry.
[[nodiscard]] Result<bool> remove_empty_subject(
	const GrantFolder& place, const std::string& subject, uid_t root = 0);

/// Uses up an activation: renames its record away and says whether it was us. Of two at once
/// exactly one gets the grant, the other not_found.
[[nodiscard]] Result<Grant> use_activation(
	const GrantFolder& place, const Fingerprint& fingerprint, uid_t root = 0);

}    // namespace rassist
