// What the agent does when the network or the configuration changes under it.
#include "tests/unit/rassist-agent/supervisor_bench.hpp"

#include <gtest/gtest.h>

namespace rassist::agent::test {
namespace {

TEST(SupervisorChange, ExpectsAnAnswerSoonAfterTheNetworkChanged) {
	SupervisorBench bench;
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

TEST(SupervisorChange, KeepsATunnelThatAnswersAfterTheNetworkChanged) {
	SupervisorBench bench;
	bench.come_up();
	bench.on(event::NetworkChanged{});
	bench.after(2s, event::Heard{line(HeartbeatLine::Message::beat)});
	EXPECT_EQ(bench.after(7s, event::Woken{}), "beat");
	EXPECT_EQ(bench.supervisor.state(), SupervisorState::up);
}

TEST(SupervisorChange, AYoungAttemptGoesOnWhenTheNetworkChangesAndIsRepeatedAtOnceWhereItFails) {
	SupervisorBench bench;
	bench.start();
	EXPECT_EQ(bench.after(1s, event::NetworkChanged{}), "");
	EXPECT_EQ(bench.failed(Trouble::unreachable), "tell unreachable, enrol r:443");
	EXPECT_EQ(bench.failed(Trouble::unreachable), "");
	EXPECT_EQ(bench.supervisor.state(), SupervisorState::waiting);
}

TEST(SupervisorChange, AnOldAttemptIsMadeAnewWhenTheNetworkChanges) {
	SupervisorBench bench;
	bench.start();
	EXPECT_EQ(bench.after(4s, event::NetworkChanged{}), "stop-enrol, enrol r:443");
	bench.on(event::Enrolled{granted()});
	EXPECT_EQ(bench.after(4s, event::NetworkChanged{}), "stop-tunnel, tunnel r:443 127.64.0.1");
}

TEST(SupervisorChange, ABadConfigurationIsWaitedForAndTakesNothingFromAGoodOne) {
	SupervisorBench bench;
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

TEST(SupervisorChange, WaitsWithoutSpinningWhereNoRelayIsConfiguredAnyMore) {
	SupervisorBench bench;
	bench.reach(SupervisorState::waiting);
	bench.on(event::Configured{{}});
	ASSERT_TRUE(bench.supervisor.wake_time().has_value());
	EXPECT_EQ(*bench.supervisor.wake_time(), bench.window.ends);
}

}    // namespace
}    // namespace rassist::agent::test
