// The fixture of the key store's tests.
#pragma once

#include "common/admission/store.hpp"
#include "common/base/lookup.hpp"
#include "common/issuing/store_write.hpp"
#include "common/keys/digest.hpp"
#include "tests/unit/sample_key.hpp"
#include "tests/unit/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace rassist::test {

/// A relay's state folder; the test's own uid stands for root, or for the folder's owner.
class StoreFixture : public testing::Test {
protected:
	StoreFixture() {
		for (const auto& needed : {paths.windows(), paths.identities(), paths.staff()})
			make(needed);
		make(paths.activations(), 0775);
	}

	[[nodiscard]] static Grant grant_of(
		Role role, const std::string& subject, const PublicKey& key) {
		Grant grant{.role = role,
			.subject = subject,
			.key = key,
			.expires = {},
			.issued = 1,
			.window = {},
			.relay = {},
			.reach = {},
			.from = {},
			.scope = {},
			.note = {}};
		if (role == Role::tunnel || role == Role::activation)
			grant.expires = Deadline{1'790'000'000, {}};
		if (role == Role::tunnel) {
			grant.window = *Id::parse("0123456789");
			grant.relay = "relay";
		}
		return grant;
	}
	[[nodiscard]] GrantFolder place(Role role) const { return grant_folder_of(role, paths); }
	[[nodiscard]] std::string file(Role role, const PublicKey& key) const {
		return place(role).path + "/" + fingerprint_of(key).file_name();
	}
	[[nodiscard]] Status put(Role role, const std::string& subject, const PublicKey& key) const {
		return put_grant(place(role), grant_of(role, subject, key), false, me);
	}
	[[nodiscard]] Lookup<Grant> find(Role role, const PublicKey& key) const {
		return find_grant(place(role), fingerprint_of(key), me);
	}
	/// "", the subject, or the error's sentence.
	[[nodiscard]] std::string found(Role role, const PublicKey& key) const {
		return said(find(role, key));
	}
	[[nodiscard]] std::string found_of(Role role, const std::string& subject) const {
		return said(find_grant_of(place(role), subject, me));
	}
	[[nodiscard]] static std::string said(const Lookup<Grant>& result) {
		return result.failed() ? result.error().what : result.found() ? result->subject : "";
	}
	[[nodiscard]] std::size_t count(Role role) const {
		return list_grants(place(role), me)->grants.size();
	}

	const TemporaryFolder folder;
	const uid_t me = geteuid();
	const Paths paths{.state = folder.path(), .run = folder.path()};
};

}    // namespace rassist::test
