// The agent's order of trying, and its pauses.
#include "common/base/parse_network.hpp"
#include "rassist-agent/route.hpp"

#include <gtest/gtest.h>

namespace rassist::agent {
namespace {

using namespace std::chrono_literals;

TEST(AgentPause, LiesBetweenZeroAndTheDoublingBoundUpToTheCap) {
	struct Case {
		int tries;
		Time cap;
		Time most;
	};
	for (const Case& one : {Case{0, kPauseMax, 1s}, Case{1, kPauseMax, 2s}, Case{5, kPauseMax, 32s},
			 Case{6, kPauseMax, 60s}, Case{60, kPauseMax, 60s}, Case{1'000'000, kPauseMax, 60s},
			 Case{2, kPauseShort, 4s}, Case{3, kPauseShort, 5s}}) {
		EXPECT_EQ(pause_before_retry(one.tries, one.cap, 0), 0ms);
		EXPECT_EQ(
			pause_before_retry(one.tries, one.cap, static_cast<std::uint64_t>(one.most.count())),
			one.most);
		EXPECT_EQ(pause_before_retry(
					  one.tries, one.cap, static_cast<std::uint64_t>(one.most.count()) + 1),
			0ms);
		EXPECT_LE(pause_before_retry(one.tries, one.cap, UINT64_MAX), one.most);
		EXPECT_GE(pause_before_retry(one.tries, one.cap, UINT64_MAX), 0ms);
	}
}

class AgentRoute : public testing::Test {
protected:
	Time failed(Trouble trouble, Time now = 1000s) {
		return route.note_failure(route.current(), handling_of(trouble), now, 500);
	}
	std::string now_at() const { return route.current().str(); }
	void settle_on(std::vector<RelayAddress> relays) { route.set_relays(relays); }

	Route route;
};

TEST_F(AgentRoute, FollowsTheConfigurationsOrder) {
	settle_on({{"a", {443, 2222}}, {"b", {443}}});
	EXPECT_EQ(now_at(), "a:443");
	EXPECT_EQ(failed(Trouble::unreachable), 1000s);
	EXPECT_EQ(now_at(), "a:2222");
	EXPECT_EQ(failed(Trouble::unreachable), 1000s);
	EXPECT_EQ(now_at(), "b:443");
	EXPECT_GT(failed(Trouble::unreachable), 1000s);
	EXPECT_EQ(now_at(), "a:443");
}

TEST_F(AgentRoute, PassesOverARelaysOtherPortsWhereTheRelayItselfCannot) {
	settle_on({{"a", {443, 2222}}, {"b", {443}}});
	failed(Trouble::relay_failed);
	EXPECT_EQ(now_at(), "b:443");
}

TEST_F(AgentRoute, StaysAtTheSamePortWhereItWasConnected) {
	settle_on({{"a", {443, 2222}}});
	failed(Trouble::unreachable);
	EXPECT_EQ(now_at(), "a:2222");
	failed(Trouble::lost);
	EXPECT_EQ(now_at(), "a:2222");
	failed(Trouble::unreachable);
	EXPECT_EQ(now_at(), "a:443") << "the first was tried in this round";
}

TEST_F(AgentRoute, BeginsANewRoundAfterATunnelWasUp) {
	settle_on({{"a", {443, 2222}}});
	failed(Trouble::unreachable);
	route.note_connected();
	failed(Trouble::lost);
	EXPECT_EQ(failed(Trouble::unreachable), 1000s);
	EXPECT_EQ(now_at(), "a:443");
}

TEST_F(AgentRoute, MakesPausesGrowAndShrinkAgainOnceATunnelStayed) {
	settle_on({{"a", {443}}});
	const auto longest = [&] {
		return route.note_failure(
			route.current(), handling_of(Trouble::unreachable), 0s, 60'000'000'000ULL - 1);
	};
	Time before{0};
	for (int i = 0; i < 12; ++i)
		before = longest();
	EXPECT_GT(before, 10s);
	route.note_settled();
	EXPECT_LE(longest(), 1s);
}

TEST_F(AgentRoute, ARefusalEndsAtItsPoll) {
	settle_on({{"a", {443, 2222}}, {"b", {443}}});
	failed(Trouble::blocked, 1000s);
	EXPECT_EQ(now_at(), "b:443");
	const Time poll = failed(Trouble::blocked, 1010s);
	EXPECT_TRUE(route.all_refused(1010s));
	EXPECT_EQ(now_at(), "a:443") << "refused first, asked again first";
	EXPECT_GE(poll, 1000s + kPoll / 2);
	EXPECT_FALSE(route.all_refused(poll));
}

TEST_F(AgentRoute, ItsPollIsNotPutOffByThePausesOfAnotherRelay) {
	settle_on({{"a", {443}}, {"b", {443}}});
	for (int i = 0; i < 20; ++i)    // the pauses are as long as they get
		failed(Trouble::unreachable);
	ASSERT_EQ(now_at(), "a:443");
	EXPECT_EQ(route.note_failure(route.current(), handling_of(Trouble::blocked), 1000s, 0), 1000s)
		<< "b is not refused";
	ASSERT_EQ(now_at(), "b:443");
	EXPECT_EQ(route.note_failure(route.current(), handling_of(Trouble::unreachable), 1001s, 50'000),
		1030s)
		<< "half a minute after the refusal";
	EXPECT_EQ(now_at(), "a:443");
}

TEST_F(AgentRoute, AConfigurationThatChangedUnderAnAttemptIsNoTrap) {
	settle_on({{"a", {443}}});
	const Endpoint gone = route.current();
	settle_on({{"b", {443}}});
	EXPECT_GE(route.note_failure(gone, handling_of(Trouble::unreachable), 1000s, 500), 1000s);
	EXPECT_EQ(now_at(), "b:443");
	settle_on({});
	EXPECT_GT(route.note_failure(gone, handling_of(Trouble::unreachable), 1000s, 500), 1000s);
}

TEST(AgentHandling, KnowsWhichTroublesPassByThemselves) {
	for (const Trouble lasting : {Trouble::host_key, Trouble::identity, Trouble::not_activated,
			 Trouble::serial_unknown, Trouble::blocked, Trouble::revoked, Trouble::refused,
			 Trouble::displaced, Trouble::twin})
		EXPECT_TRUE(is_refusal(handling_of(lasting).next)) << format_trouble(lasting);
	for (const Trouble passing : {Trouble::unreachable, Trouble::proxy, Trouble::timeout,
			 Trouble::lost, Trouble::silent, Trouble::protocol, Trouble::grant_gone,
			 Trouble::port_held, Trouble::relay_failed, Trouble::elsewhere, Trouble::local}) {
		EXPECT_FALSE(is_refusal(handling_of(passing).next)) << format_trouble(passing);
		EXPECT_LE(handling_of(passing).cap, kPauseMax) << format_trouble(passing);
	}
}

TEST(AgentHandling, LetsAnotherNetworkMendOnlyWhatSomebodyInBetweenMayHaveDone) {
	for (const Trouble trouble : {Trouble::identity, Trouble::blocked, Trouble::serial_unknown,
			 Trouble::revoked, Trouble::refused, Trouble::displaced})
		EXPECT_FALSE(handling_of(trouble).network_helps) << format_trouble(trouble);
	EXPECT_TRUE(handling_of(Trouble::host_key).network_helps);
}

}    // namespace
}    // namespace rassist::agent
