// What the agent does where another machine has this device's identity too.
#include "tests/unit/rassist-agent/supervisor_bench.hpp"

#include <gtest/gtest.h>

namespace rassist::agent::test {
namespace {

TEST(SupervisorTwin, ADisplacedMachineGivesWayForLongerEachTimeUntilSomethingChangesHere) {
	SupervisorBench bench;
	bench.relays = {{"r", {443}}, {"s", {443}}};
	bench.come_up();
	Time most{0};
	for (int i = 0; i < 12; ++i) {
		bench.random = UINT64_MAX / 2 + static_cast<std::uint64_t>(i) * 1'000'003;
		EXPECT_EQ(bench.heard(HeartbeatLine::Message::bye, Bye::displaced),
			"stop-tunnel, tell displaced");
		ASSERT_EQ(bench.supervisor.state(), SupervisorState::refused);
		EXPECT_EQ(bench.on(event::NetworkChanged{}), "")
			<< "another network changes nothing about it";
		const Time wait = *bench.supervisor.wake_time() - bench.now;
		EXPECT_LE(wait, std::min(kGiveWayMax, Time(32s) * (1 << i))) << i;
		most = std::max(most, wait);
		EXPECT_EQ(bench.woken(), "enrol displaced r:443");
		bench.on(event::Enrolled{granted()});
		bench.heard(HeartbeatLine::Message::ready);
		bench.now += Time(1min);    // up for longer than what makes other pauses small again
		bench.heard(HeartbeatLine::Message::beat);
	}
	EXPECT_GT(most, Time(3min));
	++bench.window.revision;
	bench.on(event::WindowSeen{bench.window});
	bench.on(event::Enrolled{granted()});
	bench.heard(HeartbeatLine::Message::bye, Bye::displaced);
	EXPECT_LE(*bench.supervisor.wake_time() - bench.now, Time(32s));
}

TEST(SupervisorTwin, SaysThatItWasDisplacedUntilARelayHasHeardIt) {
	SupervisorBench bench;
	bench.come_up();
	bench.heard(HeartbeatLine::Message::bye, Bye::displaced);
	EXPECT_EQ(bench.woken(), "enrol displaced r:443");
	bench.failed(Trouble::unreachable);
	EXPECT_EQ(bench.woken(), "enrol displaced r:443");
	bench.on(event::Enrolled{granted()});
	bench.heard(HeartbeatLine::Message::ready);
	++bench.window.revision;
	EXPECT_EQ(bench.on(event::WindowSeen{bench.window}), "enrol r:443");
}

TEST(SupervisorTwin, TheOlderOfTwoMachinesAsksNoRelayUntilItsWindowIsAnother) {
	SupervisorBench bench;
	bench.relays = {{"r", {443}}, {"s", {443}}};
	bench.start();
	EXPECT_EQ(bench.failed(Trouble::twin), "tell twin");
	EXPECT_EQ(bench.supervisor.state(), SupervisorState::refused);
	EXPECT_GE(*bench.supervisor.wake_time(), bench.now + kPollTwin / 2);
	EXPECT_EQ(bench.on(event::NetworkChanged{}), "");
	bench.window.id = id_of("x0x0x0x0x0");
	EXPECT_EQ(bench.on(event::WindowSeen{bench.window}), "enrol r:443");
}

TEST(SupervisorTwin, ATwinIsShownBesideATunnelThatIsUp) {
	SupervisorBench bench;
	bench.come_up();
	EXPECT_EQ(bench.heard(HeartbeatLine::Message::twin), "tell twin");
	EXPECT_EQ(bench.heard(HeartbeatLine::Message::twin), "") << "told once";
	EXPECT_EQ(bench.supervisor.state(), SupervisorState::up);
	EXPECT_EQ(bench.supervisor.view().failure.trouble, Trouble::twin);
	++bench.window.revision;
	bench.on(event::WindowSeen{bench.window});
	bench.on(event::Enrolled{granted()});
	EXPECT_EQ(bench.supervisor.view().failure.trouble, Trouble::twin)
		<< "an extension does not make it go away";
	bench.ended(Trouble::lost);
	EXPECT_EQ(bench.supervisor.view().failure.trouble, Trouble::lost);
	bench.woken();
	bench.heard(HeartbeatLine::Message::ready);
	EXPECT_EQ(bench.supervisor.view().failure.trouble, Trouble::none)
		<< "the relay says it again where it is so";
}

}    // namespace
}    // namespace rassist::agent::test
