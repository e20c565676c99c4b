// A token registers a device's identity key, once.
#include "tests/unit/relay/enroll_relay.hpp"

#include <sysexits.h>

namespace rassist::enroll {
namespace {

class EnrollActivation : public Enroll {};

TEST_F(EnrollActivation, ATokenRegistersOneIdentityOnce) {
	stored(Role::activation, "sn1", sample_key(1));
	EXPECT_EQ(refusal_of(activated("sn1", sample_key(1), sample_key(2)).answer.refused), "granted");
	EXPECT_EQ(owner(Role::identity, sample_key(2)), "sn1");
	EXPECT_EQ(owner(Role::activation, sample_key(1)), "");
	const EnrollOutcome second = activated("sn1", sample_key(1), sample_key(3));
	EXPECT_EQ(refusal_of(second.answer.refused), "token-used");
	EXPECT_EQ(exit_status_of(second.answer), EX_NOPERM);
	EXPECT_EQ(owner(Role::identity, sample_key(3)), "");
}

TEST_F(EnrollActivation, ActivatingAgainReplacesTheIdentity) {
	for (const int round : {1, 2}) {
		stored(Role::activation, "sn1", sample_key(10 + round));
		EXPECT_EQ(
			refusal_of(activated("sn1", sample_key(10 + round), sample_key(round)).answer.refused),
			"granted");
	}
	EXPECT_EQ(owner(Role::identity, sample_key(1)), "");
	EXPECT_EQ(owner(Role::identity, sample_key(2)), "sn1");
}

TEST_F(EnrollActivation, ARefusedActivationKeepsItsToken) {
	stored(Role::activation, "sn1", sample_key(1));
	stored(Role::identity, "sn2", sample_key(2));
	stored(Role::tunnel, "sn1", sample_key(3));
	stored(Role::staff, "sam", sample_key(4));
	for (int taken = 1; taken <= 4; ++taken)
		EXPECT_EQ(refusal_of(activated("sn1", sample_key(1), sample_key(taken)).answer.refused),
			"key-taken")
			<< taken;
	EXPECT_EQ(refusal_of(answer_request(
				  EnrollCaller{serial("sn1"), fingerprint_of(sample_key(1))}, "garbage", context())
							 .answer.refused),
		"malformed");
	EXPECT_EQ(owner(Role::activation, sample_key(1)), "sn1");
	EXPECT_EQ(owner(Role::identity, sample_key(2)), "sn2");
	EXPECT_EQ(refusal_of(activated("sn1", sample_key(1), sample_key(5)).answer.refused), "granted");
}

TEST_F(EnrollActivation, ATokenOfAnotherSerialOrOutOfTimeIsNone) {
	stored(Role::activation, "sn2", sample_key(1));
	EXPECT_EQ(
		refusal_of(activated("sn1", sample_key(1), sample_key(2)).answer.refused), "token-used");
	stored(Role::activation, "sn1", sample_key(3));
	EnrollContext later = context();
	later.now.wall = 2000;
	const auto request = format_request(ActivateRequest{*Id::parse("1111111111"), sample_key(2)});
	EXPECT_EQ(refusal_of(answer_request(
				  EnrollCaller{serial("sn1"), fingerprint_of(sample_key(3))}, request, later)
							 .answer.refused),
		"token-used");
	EXPECT_EQ(count(Role::identity), 0U);
}

TEST_F(EnrollActivation, StoringAfterTheTokenIsGoneSaysSo) {
	stored(Role::activation, "sn1", sample_key(1));
	test::spill(paths.identities() + "/.subjects", "no folder");
	const EnrollOutcome outcome = activated("sn1", sample_key(1), sample_key(2));
	EXPECT_EQ(refusal_of(outcome.answer.refused), "storage");
	EXPECT_NE(outcome.answer.message.find("issue a new one"), std::string::npos)
		<< outcome.answer.message;
}

}    // namespace
}    // namespace rassist::enroll
