// What the agent does beside a living tunnel: renewals, and networks and configurations that
// change.
#include "tests/unit/rassist-agent/supervisor_bench.hpp"

#include <gtest/gtest.h>

namespace rassist::agent::test {
namespace {

// ---- renewals ----

TEST(AgentBeside, EnrolsAgainInTimeWhereTheRelayGrantsLessThanTheWindow) {
	Bench bench;
	bench.start();
	bench.on(event::Enrolled{granted(600s)});
	bench.heard(HeartbeatLine::Message::ready);
	const Time up = bench.now;
	std::string actions;
	for (; bench.supervisor.state() == SupervisorState::up; actions = bench.woken())
		bench.heard(HeartbeatLine::Message::beat);
	EXPECT_EQ(actions, "beat, enrol r:443");
	EXPECT_EQ(bench.now, up + 450s);
	EXPECT_EQ(bench.on(event::Enrolled{granted(600s)}), "tell none");
	EXPECT_EQ(bench.supervisor.state(), SupervisorState::up);
}

TEST(AgentBeside, DoesNotRenewAGrantThatOutlastsTheWindow) {
	Bench bench;
	bench.come_up();
	for (; bench.now < bench.window.ends - 20s; bench.woken()) {
		bench.heard(HeartbeatLine::Message::beat);
		ASSERT_EQ(bench.supervisor.state(), SupervisorState::up);
	}
}

TEST(AgentBeside, AFailedRenewalLeavesTheTunnelAndIsTriedAgain) {
	for (const Trouble trouble : {Trouble::unreachable, Trouble::blocked}) {
		Bench bench;
		bench.reach(SupervisorState::renewing);
		bench.failed(trouble);
		ASSERT_EQ(bench.supervisor.state(), SupervisorState::up);
		const Time failed_at = bench.now;
		while (bench.supervisor.state() == SupervisorState::up) {
			bench.heard(HeartbeatLine::Message::beat);
			bench.woken();
		}
		EXPECT_EQ(bench.supervisor.state(), SupervisorState::renewing);
		EXPECT_LE(bench.now - failed_at, trouble == Trouble::blocked ? kPoll : Time(1s));
		EXPECT_GE(bench.now - failed_at, trouble == Trouble::blocked ? kPoll : Time(0s));
	}
}

TEST(AgentBeside, ARenewalThatHangsIsStoppedAndTheTunnelStays) {
	Bench bench;
	bench.reach(SupervisorState::renewing);
	std::string actions;
	while (bench.supervisor.state() == SupervisorState::renewing) {
		bench.heard(HeartbeatLine::Message::beat);
		actions = bench.woken();
	}
	EXPECT_EQ(actions, "beat, stop-enrol, tell timeout");
	EXPECT_EQ(bench.supervisor.state(), SupervisorState::up);
}

TEST(AgentBeside, ATunnelLostInARenewalIsRenewedOnceItIsBack) {
	Bench bench;
	bench.reach(SupervisorState::renewing);
	bench.ended(Trouble::lost);
	EXPECT_EQ(bench.woken(), "tunnel r:443 127.64.0.1");
	EXPECT_EQ(bench.heard(HeartbeatLine::Message::ready), "tell none, enrol r:443");
}

TEST(AgentBeside, AnotherAddressInTheAnswerMovesTheTunnel) {
	Bench bench;
	bench.reach(SupervisorState::renewing);
	GrantedTunnel moved = granted();
	moved.address = "127.64.0.9";
	EXPECT_EQ(bench.on(event::Enrolled{moved}), "tell none, stop-tunnel, tunnel r:443 127.64.0.9");
}

TEST(AgentBeside, WarnsOnceOfARelayWithAnotherClock) {
	GrantedTunnel early = granted();
	early.clock_ahead = -121s;
	GrantedTunnel right = granted();
	right.clock_ahead = 120s;
	Bench bench;
	bench.start();
	EXPECT_EQ(bench.on(event::Enrolled{early}), "tell none, tell none, tunnel r:443 127.64.0.1");
	Bench other;
	other.start();
	EXPECT_EQ(other.on(event::Enrolled{right}), "tell none, tunnel r:443 127.64.0.1");
	bench.ended(Trouble::grant_gone);
	bench.woken();
	EXPECT_EQ(bench.on(event::Enrolled{early}), "tell none, tunnel r:443 127.64.0.1");
}

// ---- networks ----

TEST(AgentBeside, ExpectsAnAnswerSoonAfterTheNetworkChanged) {
	Bench bench;
	bench.come_up();
	bench.now += Time(4s);
	const Time changed = bench.now;
	EXPECT_EQ(bench.on(event::NetworkChanged{}), "beat");
	bench.after(1s, event::NetworkChanged{});
	std::string actions;
	while (bench.supervisor.state() == SupervisorState::up)
		actions = bench.woken();
	EXPECT_EQ(actions, "stop-tunnel, tell silent");
	EXPECT_EQ(bench.now, changed + kProbeLimit);
}

TEST(AgentBeside, KeepsATunnelThatAnswersAfterTheNetworkChanged) {
	Bench bench;
	bench.come_up();
	bench.on(event::NetworkChanged{});
	bench.after(2s, event::Heard{line(HeartbeatLine::Message::beat)});
	EXPECT_EQ(bench.after(7s, event::Woken{}), "beat");
	EXPECT_EQ(bench.supervisor.state(), SupervisorState::up);
}

TEST(AgentBeside, AYoungAttemptGoesOnWhenTheNetworkChangesAndIsRepeatedAtOnceWhereItFails) {
	Bench bench;
	bench.start();
	EXPECT_EQ(bench.after(1s, event::NetworkChanged{}), "");
	EXPECT_EQ(bench.failed(Trouble::unreachable), "tell unreachable, enrol r:443");
	EXPECT_EQ(bench.failed(Trouble::unreachable), "");
	EXPECT_EQ(bench.supervisor.state(), SupervisorState::waiting);
}

TEST(AgentBeside, AnOldAttemptIsMadeAnewWhenTheNetworkChanges) {
	Bench bench;
	bench.start();
	EXPECT_EQ(bench.after(4s, event::NetworkChanged{}), "stop-enrol, enrol r:443");
	bench.on(event::Enrolled{granted()});
	EXPECT_EQ(bench.after(4s, event::NetworkChanged{}), "stop-tunnel, tunnel r:443 127.64.0.1");
}

TEST(AgentBeside, ABadConfigurationIsWaitedForAndTakesNothingFromAGoodOne) {
	Bench bench;
	bench.on(event::WindowSeen{bench.window});
	EXPECT_EQ(bench.on(event::Misconfigured{"line 4 is garbage"}), "tell local");
	EXPECT_EQ(bench.supervisor.view().failure.sentence, "line 4 is garbage");
	EXPECT_EQ(bench.on(event::Configured{bench.relays}), "enrol r:443");
	bench.on(event::Enrolled{granted()});
	bench.heard(HeartbeatLine::Message::ready);
	bench.on(event::Misconfigured{"line 4 is garbage"});
	EXPECT_EQ(bench.supervisor.view().failure.trouble, Trouble::none);
	bench.ended(Trouble::lost);
	EXPECT_EQ(bench.woken(), "tunnel r:443 127.64.0.1");
}

TEST(AgentBeside, WaitsWithoutSpinningWhereNoRelayIsConfiguredAnyMore) {
	Bench bench;
	bench.reach(SupervisorState::waiting);
	bench.on(event::Configured{{}});
	ASSERT_TRUE(bench.supervisor.wake_time().has_value());
	EXPECT_EQ(*bench.supervisor.wake_time(), bench.window.ends);
}

}    // namespace
}    // namespace rassist::agent::test
