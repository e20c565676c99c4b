// The agent beside a tunnel that is up: its beats, and the relay's silence.
#include "tests/unit/rassist-agent/supervisor_bench.hpp"

#include <gtest/gtest.h>

namespace rassist::agent::test {
namespace {

TEST(SupervisorHeartbeat, BeatsEachInterval) {
	SupervisorBench bench;
	bench.come_up();
	const Time up = bench.now;
	EXPECT_EQ(bench.woken(), "beat");
	EXPECT_EQ(bench.now, up + 5s);
	bench.heard(HeartbeatLine::Message::beat);
	EXPECT_EQ(bench.woken(), "beat");
	EXPECT_EQ(bench.now, up + 10s);
}

TEST(SupervisorHeartbeat, AnswersABeatButNeverAnAnswer) {
	SupervisorBench bench;
	bench.come_up();
	EXPECT_EQ(bench.after(3s, event::Heard{line(HeartbeatLine::Message::beat)}), "beat");
	EXPECT_EQ(bench.heard(HeartbeatLine::Message::beat), "");
	EXPECT_EQ(bench.after(1s, event::Heard{line(HeartbeatLine::Message::beat)}), "");
}

TEST(SupervisorHeartbeat, KillsATunnelThatIsSilentForTheLimit) {
	SupervisorBench bench;
	bench.come_up();
	const Time up = bench.now;
	EXPECT_EQ(bench.woken(), "beat");
	EXPECT_EQ(bench.woken(), "beat");
	EXPECT_EQ(bench.woken(), "stop-tunnel, tell silent");
	EXPECT_EQ(bench.now, up + 15s);
	EXPECT_EQ(bench.supervisor.state(), SupervisorState::waiting);
}

TEST(SupervisorHeartbeat, TakesAnyLineForASignOfLife) {
	SupervisorBench bench;
	bench.come_up();
	bench.after(14s, event::Heard{line(HeartbeatLine::Message::unknown)});
	EXPECT_EQ(bench.after(14s, event::Woken{}), "beat");
	EXPECT_EQ(bench.supervisor.state(), SupervisorState::up);
}

TEST(SupervisorHeartbeat, ReconnectsAtOnceAfterALongSleepOfTheMachine) {
	SupervisorBench bench;
	bench.come_up();
	bench.random = 0;
	EXPECT_EQ(bench.after(Time(20min), event::Woken{}),
		"stop-tunnel, tell silent, tunnel r:443 127.64.0.1");
}

}    // namespace
}    // namespace rassist::agent::test
