// What enroll decides of a tunnel's request, by the relay's records alone.
#include "tests/unit/relay/enroll_relay.hpp"

namespace rassist::enroll {
namespace {

class EnrollDecide : public testing::Test {
protected:
	[[nodiscard]] EnrollDecision ask(const Result<EnrollRequest>& request) const {
		return decide_request(serial("sn1"), request, known, config, now);
	}

	Device device{serial("sn1"), "127.64.0.1", false, {}, {}, 1};
	EnrollRecords known{device, Role::none};
	Config config;
	Now now{1000, 50, "boot"};
};

TEST_F(EnrollDecide, GrantsTheTunnelKeyForAsLongAsTheWindowLives) {
	const EnrollDecision decision = ask(tunnel_request(sample_key()));
	ASSERT_TRUE(decision.grant);
	EXPECT_EQ(decision.grant->role, Role::tunnel);
	EXPECT_EQ(decision.grant->subject, "sn1");
	EXPECT_EQ(decision.grant->key, sample_key());
	EXPECT_EQ(decision.grant->expires->wall, 1600);
	EXPECT_FALSE(decision.grant->expires->boot);
	EXPECT_EQ(decision.grant->window->str(), "2222222222");
	EXPECT_EQ(decision.grant->sequence, 7);
	EXPECT_EQ(decision.grant->relay, "relay");
}

TEST_F(EnrollDecide, CapsTheTimeAtTheRelaysOwnMaximum) {
	config.grant_max = seconds(300);
	EXPECT_EQ(ask(tunnel_request(sample_key(), seconds(301))).grant->expires->wall, 1300);
	EXPECT_EQ(ask(tunnel_request(sample_key(), seconds(299))).grant->expires->wall, 1299);
}

TEST_F(EnrollDecide, RefusesNoTimeAtAll) {
	for (const int length : {0, -1})
		EXPECT_EQ(ask(tunnel_request(sample_key(), seconds(length))).refused, Refusal::malformed);
}

TEST_F(EnrollDecide, TheSerialIsTheKeysAndTheTextMustAgree) {
	EnrollRequest request = tunnel_request(sample_key());
	request.serial = serial("sn1");
	EXPECT_TRUE(ask(request).grant);
	request.serial = serial("sn2");
	EXPECT_EQ(ask(request).refused, Refusal::serial_mismatch);
}

TEST_F(EnrollDecide, TellsADeviceThatItIsUnknownOrBlockedWhateverItAsks) {
	const Result<EnrollRequest> garbage(Error{Fault::invalid, "garbage"});
	for (const auto& request : {Result<EnrollRequest>(tunnel_request(sample_key())), garbage}) {
		known.device = std::nullopt;
		EXPECT_EQ(ask(request).refused, Refusal::serial_unknown);
		device.blocked = true;
		known.device = device;
		EXPECT_EQ(ask(request).refused, Refusal::blocked);
		known.device = Error{Fault::untrusted, "devices/sn1: not root's"};
		EXPECT_EQ(ask(request).refused, Refusal::internal);
	}
}

TEST_F(EnrollDecide, RefusesWhatDoesNotParseWithTheParsersSentence) {
	const EnrollDecision decision = ask(Error{Fault::invalid, "enroll:3: unknown key"});
	EXPECT_EQ(decision.refused, Refusal::malformed);
	EXPECT_EQ(decision.why, "enroll:3: unknown key");
}

TEST_F(EnrollDecide, AKeyHasOneRole) {
	for (const Role role : {Role::identity, Role::staff, Role::activation}) {
		known.other_role = role;
		EXPECT_EQ(ask(tunnel_request(sample_key())).refused, Refusal::key_taken);
	}
	known.other_role = Error{Fault::io, "staff/: input/output error"};
	EXPECT_EQ(ask(tunnel_request(sample_key())).refused, Refusal::internal);
}

TEST_F(EnrollDecide, ARevokedWindowIsRefusedForGoodAndItsRecordFailsClosed) {
	known.revoked = true;
	EXPECT_EQ(ask(tunnel_request(sample_key())).refused, Refusal::window_revoked);
	EXPECT_EQ(choose_retry(Refusal::window_revoked), Retry::never);
	known.revoked = Error{Fault::untrusted, "revoked/2222222222: not root's"};
	EXPECT_EQ(ask(tunnel_request(sample_key())).refused, Refusal::internal);
}

}    // namespace
}    // namespace rassist::enroll
