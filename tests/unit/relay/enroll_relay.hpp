// A relay whose store is a folder of the test's own, and requests to it.
#pragma once

#include "common/issuing/store_write.hpp"
#include "common/keys/digest.hpp"
#include "relay/enroll.hpp"
#include "tests/unit/relay/sample_grant.hpp"
#include "tests/unit/sample_key.hpp"
#include "tests/unit/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <optional>
#include <string>
#include <string_view>

namespace rassist::enroll {

using std::chrono::seconds;
using test::sample_key;

inline Serial serial(std::string_view text) { return *Serial::parse(text); }

inline EnrollCaller identity(std::string_view text) { return EnrollCaller{serial(text), {}}; }

inline EnrollRequest tunnel_request(const PublicKey& key, seconds length = seconds(600)) {
	return EnrollRequest{*Id::parse("1111111111"), *Id::parse("2222222222"), 7, length, key, {}};
}

inline Grant grant_of(Role role, const std::string& subject, const PublicKey& key) {
	const bool ends = role == Role::tunnel || role == Role::activation;
	return test::sample_grant(
		role, subject, key, ends ? std::optional<std::int64_t>(2000) : std::nullopt);
}

inline std::string refusal_of(const std::optional<Refusal>& refused) {
	return refused ? std::string(format_refusal(*refused)) : "granted";
}

/// The relay's folders with two devices in its registry; the test's own uid stands for root.
class Enroll : public testing::Test {
protected:
	Enroll() {
		for (const auto& needed :
			{paths.windows(), paths.revoked(), paths.identities(), paths.staff(), paths.devices()})
			test::make(needed);
		test::make(paths.activations(), 0775);
		for (const char* name : {"sn1", "sn2"})
			test::spill(paths.devices() + "/" + name,
				format_device(Device{serial(name), "127.64.0.1", false, {}, {}, 1}));
	}
	void stored(Role role, const std::string& subject, const PublicKey& key) const {
		ASSERT_TRUE(
			put_grant(grant_folder_of(role, paths), grant_of(role, subject, key), false, me));
	}
	[[nodiscard]] std::string owner(Role role, const PublicKey& key) const {
		const auto grant = find_grant(grant_folder_of(role, paths), fingerprint_of(key), me);
		return grant.failed() ? grant.error().what : grant.found() ? grant->subject : "";
	}
	[[nodiscard]] std::string enrolled(const std::string& name, const PublicKey& key) const {
		return refusal_of(
			answer_request(identity(name), format_request(tunnel_request(key)), context())
				.answer.refused);
	}
	[[nodiscard]] EnrollOutcome activated(
		const std::string& name, const PublicKey& token, const PublicKey& key) const {
		return answer_request(EnrollCaller{serial(name), fingerprint_of(token)},
			format_request(ActivateRequest{*Id::parse("1111111111"), key}), context());
	}
	[[nodiscard]] EnrollContext context() const {
		return EnrollContext{paths, {}, Now{1000, 50, "boot"}, me};
	}
	[[nodiscard]] std::size_t count(Role role) const {
		return list_grants(grant_folder_of(role, paths), me)->grants.size();
	}

	const test::TemporaryFolder folder;
	const uid_t me = geteuid();
	const Paths paths{.state = folder.path(), .run = folder.path()};
};

}    // namespace rassist::enroll
