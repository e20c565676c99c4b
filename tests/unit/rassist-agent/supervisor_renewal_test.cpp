// The agent enrols again beside a tunnel that is up.
#include "tests/unit/rassist-agent/supervisor_bench.hpp"

#include <gtest/gtest.h>

namespace rassist::agent::test {
namespace {

TEST(SupervisorRenewal, EnrolsAgainInTimeWhereTheRelayGrantsLessThanTheWindow) {
	SupervisorBench bench;
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

TEST(SupervisorRenewal, DoesNotRenewAGrantThatOutlastsTheWindow) {
	SupervisorBench bench;
	bench.come_up();
	for (; bench.now < bench.window.ends - 20s; bench.woken()) {
		bench.heard(HeartbeatLine::Message::beat);
		ASSERT_EQ(bench.supervisor.state(), SupervisorState::up);
	}
}

TEST(SupervisorRenewal, AFailedRenewalLeavesTheTunnelAndIsTriedAgain) {
	for (const Trouble trouble : {Trouble::unreachable, Trouble::blocked}) {
		SupervisorBench bench;
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

TEST(SupervisorRenewal, ARenewalThatHangsIsStoppedAndTheTunnelStays) {
	SupervisorBench bench;
	bench.reach(SupervisorState::renewing);
	std::string actions;
	while (bench.supervisor.state() == SupervisorState::renewing) {
		bench.heard(HeartbeatLine::Message::beat);
		actions = bench.woken();
	}
	EXPECT_EQ(actions, "beat, stop-enrol, tell timeout");
	EXPECT_EQ(bench.supervisor.state(), SupervisorState::up);
}

TEST(SupervisorRenewal, ATunnelLostInARenewalIsRenewedOnceItIsBack) {
	SupervisorBench bench;
	bench.reach(SupervisorState::renewing);
	bench.ended(Trouble::lost);
	EXPECT_EQ(bench.woken(), "tunnel r:443 127.64.0.1");
	EXPECT_EQ(bench.heard(HeartbeatLine::Message::ready), "tell none, enrol r:443");
}

TEST(SupervisorRenewal, AnotherAddressInTheAnswerMovesTheTunnel) {
	SupervisorBench bench;
	bench.reach(SupervisorState::renewing);
	GrantedTunnel moved = granted();
	moved.address = "127.64.0.9";
	EXPECT_EQ(bench.on(event::Enrolled{moved}), "tell none, stop-tunnel, tunnel r:443 127.64.0.9");
}

TEST(SupervisorRenewal, WarnsOnceOfARelayWithAnotherClock) {
	GrantedTunnel early = granted();
	early.clock_ahead = -121s;
	GrantedTunnel right = granted();
	right.clock_ahead = 120s;
	SupervisorBench bench;
	bench.start();
	EXPECT_EQ(bench.on(event::Enrolled{early}), "tell none, tell none, tunnel r:443 127.64.0.1");
	SupervisorBench other;
	other.start();
	EXPECT_EQ(other.on(event::Enrolled{right}), "tell none, tunnel r:443 127.64.0.1");
	bench.ended(Trouble::grant_gone);
	bench.woken();
	EXPECT_EQ(bench.on(event::Enrolled{early}), "tell none, tunnel r:443 127.64.0.1");
}

}    // namespace
}    // namespace rassist::agent::test
