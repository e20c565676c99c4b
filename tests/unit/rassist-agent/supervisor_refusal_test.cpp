// What the agent does where a relay refuses it, and what it tells of it.
#include "tests/unit/rassist-agent/supervisor_bench.hpp"

#include <gtest/gtest.h>

namespace rassist::agent::test {
namespace {

TEST(SupervisorRefusal, AsksARefusingRelayAgainOnlyAfterThePoll) {
	for (const Trouble trouble : {Trouble::blocked, Trouble::serial_unknown, Trouble::identity,
			 Trouble::refused, Trouble::host_key, Trouble::not_activated, Trouble::revoked}) {
		SupervisorBench bench;
		bench.start();
		bench.failed(trouble);
		EXPECT_EQ(bench.supervisor.state(), SupervisorState::refused) << format_trouble(trouble);
		EXPECT_GE(*bench.supervisor.wake_time(), bench.now + kPoll / 2);
		EXPECT_LE(*bench.supervisor.wake_time(), bench.now + kPoll * 3 / 2);
		EXPECT_EQ(bench.woken(), "enrol r:443");
	}
}

TEST(SupervisorRefusal, GoesOnWithOtherRelaysWhereOneRefuses) {
	SupervisorBench bench;
	bench.relays = {{"r", {443, 2222}}, {"s", {443}}};
	bench.start();
	EXPECT_EQ(bench.failed(Trouble::blocked), "tell blocked, enrol s:443");
	EXPECT_EQ(bench.failed(Trouble::unreachable), "tell unreachable");
	EXPECT_EQ(bench.supervisor.state(), SupervisorState::waiting);
	EXPECT_EQ(bench.woken(), "enrol s:443");
}

TEST(SupervisorRefusal, AWrongHostKeyShutsOnePortAndAnotherNetworkOpensItAgain) {
	SupervisorBench bench;
	bench.relays = {{"r", {443, 2222}}};
	bench.start();
	EXPECT_EQ(bench.failed(Trouble::host_key), "tell host-key, enrol r:2222");
	EXPECT_EQ(bench.failed(Trouble::host_key), "tell host-key");
	EXPECT_EQ(bench.supervisor.state(), SupervisorState::refused);
	EXPECT_EQ(bench.on(event::NetworkChanged{}), "enrol r:443");
}

TEST(SupervisorRefusal, AnotherNetworkDoesNotMendABlock) {
	SupervisorBench bench;
	bench.start();
	bench.failed(Trouble::blocked);
	EXPECT_EQ(bench.on(event::NetworkChanged{}), "");
	++bench.window.revision;
	EXPECT_EQ(bench.on(event::WindowSeen{bench.window}), "enrol r:443");
}

TEST(SupervisorRefusal, ABlockedOrRevokedTunnelIsNotTriedAgainAtOnce) {
	for (const Bye bye : {Bye::blocked, Bye::revoked}) {
		SupervisorBench bench;
		bench.come_up();
		bench.heard(HeartbeatLine::Message::bye, bye);
		EXPECT_EQ(bench.supervisor.state(), SupervisorState::refused);
	}
}

TEST(SupervisorRefusal, ShowsARefusalRatherThanARelayThatDoesNotAnswer) {
	SupervisorBench bench;
	bench.relays = {{"r", {443}}, {"s", {443}}};
	bench.start();
	bench.failed(Trouble::blocked);
	bench.failed(Trouble::unreachable);
	EXPECT_EQ(bench.supervisor.view().failure.trouble, Trouble::blocked);
	bench.now = *bench.supervisor.wake_time() + kPoll * 2;
	bench.on(event::Woken{});
	bench.failed(Trouble::unreachable);
	EXPECT_EQ(bench.supervisor.view().failure.trouble, Trouble::unreachable)
		<< "the refusal is of long ago";
}

TEST(SupervisorRefusal, TellsEachReasonOnceUntilATunnelCameUp) {
	SupervisorBench bench;
	bench.start();
	EXPECT_EQ(bench.failed(Trouble::unreachable), "tell unreachable");
	bench.woken();
	EXPECT_EQ(bench.failed(Trouble::unreachable), "");
	bench.woken();
	EXPECT_EQ(bench.failed(Trouble::timeout), "tell timeout");
	bench.woken();
	EXPECT_EQ(bench.failed(Trouble::unreachable), "");
	bench.woken();
	bench.on(event::Enrolled{granted()});
	bench.heard(HeartbeatLine::Message::ready);
	EXPECT_EQ(bench.ended(Trouble::lost), "stop-tunnel, tell lost");
	bench.woken();
	EXPECT_EQ(bench.ended(Trouble::unreachable), "tell unreachable");
}

TEST(SupervisorRefusal, ShowsWhatIsWrongUntilItIsRight) {
	SupervisorBench bench;
	bench.start();
	bench.failed(Trouble::blocked);
	EXPECT_EQ(bench.supervisor.view().failure.trouble, Trouble::blocked);
	bench.woken();
	EXPECT_EQ(bench.supervisor.view().failure.trouble, Trouble::blocked);
	bench.on(event::Enrolled{granted()});
	bench.heard(HeartbeatLine::Message::ready);
	EXPECT_EQ(bench.supervisor.view().failure.trouble, Trouble::none);
	EXPECT_EQ(bench.supervisor.view().address, "127.64.0.1");
}

}    // namespace
}    // namespace rassist::agent::test
