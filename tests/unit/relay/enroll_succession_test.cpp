// Two machines with one identity: the grant beside the one that the device has.
#include "relay/enroll.hpp"

#include "tests/unit/relay/sample_grant.hpp"
#include "tests/unit/sample_key.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rassist::enroll {
namespace {

using test::sample_grant;
using test::sample_key;

class EnrollSuccession : public testing::Test {
protected:
	static Grant window(std::string_view id) {
		Grant grant = sample_grant(Role::tunnel, "sn1", sample_key(), 2000);
		grant.window = *Id::parse(id);
		return grant;
	}
	/// Enrols; what is to be stored is stored. "granted" or why not, and the twin as the record has
	/// it.
	std::string enrol(std::string_view id, bool displaced = false) {
		const EnrollDecision decision = succeed_former_grant(stored, window(id), displaced, now);
		if (decision.grant)
			stored = decision.grant;
		return (decision.refused ? std::string(format_refusal(*decision.refused)) : "granted") +
			   (stored->twin ? " twin " + std::to_string(*stored->twin) : "");
	}

	std::optional<Grant> stored;
	Now now{1000, 50, "boot"};
};

TEST_F(EnrollSuccession, TheNewerWindowWinsAndTheOlderIsRefusedForGood) {
	EXPECT_EQ(enrol("aaaaaaaaaa"), "granted");
	EXPECT_EQ(enrol("bbbbbbbbbb"), "granted");
	EXPECT_EQ(stored->superseded, std::vector{*Id::parse("aaaaaaaaaa")});
	now.wall += 10;
	EXPECT_EQ(enrol("aaaaaaaaaa"), "superseded twin 1010");
	EXPECT_EQ(stored->window->str(), "bbbbbbbbbb");
	EXPECT_EQ(enrol("bbbbbbbbbb"), "granted twin 1010") << "an extension forgets nothing";
	EXPECT_EQ(enrol("cccccccccc"), "granted") << "whoever opens anew is the newest";
	EXPECT_EQ(enrol("bbbbbbbbbb"), "superseded twin 1010");
	EXPECT_EQ(enrol("aaaaaaaaaa"), "superseded twin 1010");
}

TEST_F(EnrollSuccession, OneMachineThatReopensItsWindowIsNoTwin) {
	for (const char* id :
		{"aaaaaaaaaa", "bbbbbbbbbb", "bbbbbbbbbb", "cccccccccc", "dddddddddd", "dddddddddd"})
		EXPECT_EQ(enrol(id), "granted");
}

TEST_F(EnrollSuccession, ATwinThatKeepsAskingIsWrittenDownOnceAMinute) {
	enrol("aaaaaaaaaa");
	enrol("bbbbbbbbbb");
	for (const std::int64_t at : {1000, 1059}) {
		now.wall = at;
		EXPECT_EQ(enrol("aaaaaaaaaa"), "superseded twin 1000");
	}
	EXPECT_FALSE(succeed_former_grant(stored, window("aaaaaaaaaa"), false, now).grant)
		<< "nothing to store";
	now.wall = 1060;
	EXPECT_EQ(enrol("aaaaaaaaaa"), "superseded twin 1060");
}

TEST_F(EnrollSuccession, OneThatWasDisplacedAndComesBackWithTheSameWindowIsATwin) {
	EXPECT_EQ(enrol("aaaaaaaaaa", true), "granted") << "nobody has the place";
	EXPECT_EQ(enrol("aaaaaaaaaa", true), "granted twin 1000");
	now.wall += 10;
	EXPECT_EQ(enrol("aaaaaaaaaa"), "granted twin 1000");
}

TEST_F(EnrollSuccession, WhatIsOverIsForgotten) {
	enrol("aaaaaaaaaa");
	enrol("bbbbbbbbbb");
	enrol("aaaaaaaaaa");
	now.wall = stored->expires->wall;
	EXPECT_EQ(enrol("aaaaaaaaaa"), "granted");
	EXPECT_TRUE(stored->superseded.empty());
}

TEST_F(EnrollSuccession, RemembersAFewWindowsAndTheLatest) {
	const std::string letters = "0123456789abcdefghjkmnpqrs";
	for (const char c : letters)
		EXPECT_EQ(enrol(std::string(10, c)), "granted");
	EXPECT_EQ(stored->superseded.size(), kSupersededMost);
	EXPECT_EQ(stored->superseded.back().str(), std::string(10, letters[letters.size() - 2]));
	EXPECT_TRUE(parse_grant(format_grant(*stored), "x"));
}

}    // namespace
}    // namespace rassist::enroll
