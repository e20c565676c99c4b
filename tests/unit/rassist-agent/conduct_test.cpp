// What the agent does over several events: beats and silence, reconnecting, refusals.
#include "tests/unit/rassist-agent/bench.hpp"

#include <gtest/gtest.h>

namespace rassist::agent::test {
namespace {

// ---- beats and silence ----

TEST(AgentConduct, BeatsEachInterval) {
	Bench bench;
	bench.come_up();
	const Time up = bench.now;
	EXPECT_EQ(bench.woken(), "beat");
	EXPECT_EQ(bench.now, up + 5s);
	bench.heard(HeartbeatLine::Message::beat);
	EXPECT_EQ(bench.woken(), "beat");
	EXPECT_EQ(bench.now, up + 10s);
}

TEST(AgentConduct, AnswersABeatButNeverAnAnswer) {
	Bench bench;
	bench.come_up();
	EXPECT_EQ(bench.after(3s, event::Heard{line(HeartbeatLine::Message::beat)}), "beat");
	EXPECT_EQ(bench.heard(HeartbeatLine::Message::beat), "");
	EXPECT_EQ(bench.after(1s, event::Heard{line(HeartbeatLine::Message::beat)}), "");
}

TEST(AgentConduct, KillsATunnelThatIsSilentForTheLimit) {
	Bench bench;
	bench.come_up();
	const Time up = bench.now;
	EXPECT_EQ(bench.woken(), "beat");
	EXPECT_EQ(bench.woken(), "beat");
	EXPECT_EQ(bench.woken(), "stop-tunnel, tell silent");
	EXPECT_EQ(bench.now, up + 15s);
	EXPECT_EQ(bench.machine.state(), SupervisorState::waiting);
}

TEST(AgentConduct, TakesAnyLineForASignOfLife) {
	Bench bench;
	bench.come_up();
	bench.after(14s, event::Heard{line(HeartbeatLine::Message::unknown)});
	EXPECT_EQ(bench.after(14s, event::Woken{}), "beat");
	EXPECT_EQ(bench.machine.state(), SupervisorState::up);
}

TEST(AgentConduct, ReconnectsAtOnceAfterALongSleepOfTheMachine) {
	Bench bench;
	bench.come_up();
	bench.random = 0;
	EXPECT_EQ(bench.after(Time(20min), event::Woken{}),
		"stop-tunnel, tell silent, tunnel r:443 127.64.0.1");
}

// ---- reconnecting ----

TEST(AgentConduct, ReconnectsWithItsGrantAndDoesNotEnrolForIt) {
	Bench bench;
	bench.come_up();
	bench.ended(Trouble::lost);
	EXPECT_EQ(bench.woken(), "tunnel r:443 127.64.0.1");
}

TEST(AgentConduct, EnrolsAgainWhereTheGrantIsGone) {
	struct Case {
		Bye bye;
		std::string_view trouble;
	};
	for (const Case& one : {Case{Bye::expired, "grant-gone"}, Case{Bye::silent, "silent"},
			 Case{Bye::failed, "relay-failed"}}) {
		Bench bench;
		bench.come_up();
		EXPECT_EQ(bench.heard(HeartbeatLine::Message::bye, one.bye),
			"stop-tunnel, tell " + std::string(one.trouble));
		EXPECT_EQ(
			bench.woken(), one.bye == Bye::expired ? "enrol r:443" : "tunnel r:443 127.64.0.1")
			<< one.trouble;
	}
	Bench bench;
	bench.reach(SupervisorState::connecting);
	EXPECT_EQ(bench.ended(Trouble::grant_gone), "tell grant-gone");
	EXPECT_EQ(bench.woken(), "enrol r:443");
}

TEST(AgentConduct, EnrolsAgainWhereTheGrantHasRunOutMeanwhile) {
	Bench bench;
	bench.start();
	bench.on(event::Enrolled{granted(60s)});
	bench.ended(Trouble::unreachable);
	bench.now += Time(58s);
	EXPECT_EQ(bench.woken(), "enrol r:443");
}

TEST(AgentConduct, TriesPortsThenRelaysInOrderAndThenPauses) {
	Bench bench;
	bench.relays = {{"r", {443, 2222}}, {"s", {443}}};
	EXPECT_EQ(bench.start(), "enrol r:443");
	EXPECT_EQ(bench.failed(Trouble::unreachable), "tell unreachable, enrol r:2222");
	EXPECT_EQ(bench.failed(Trouble::unreachable), "tell unreachable, enrol s:443");
	EXPECT_EQ(bench.failed(Trouble::unreachable), "tell unreachable");
	EXPECT_EQ(bench.machine.state(), SupervisorState::waiting);
	EXPECT_EQ(bench.woken(), "enrol r:443");
}

TEST(AgentConduct, NeverUsesOneRelaysGrantAtAnother) {
	Bench bench;
	bench.relays = {{"r", {443}}, {"s", {443}}};
	bench.start();
	bench.on(event::Enrolled{granted()});
	EXPECT_EQ(bench.ended(Trouble::unreachable), "tell unreachable, enrol s:443");
}

TEST(AgentConduct, TransientTroubleNeverStopsTheTryingBeforeTheWindowEnds) {
	for (const Trouble trouble : {Trouble::unreachable, Trouble::proxy, Trouble::timeout,
			 Trouble::protocol, Trouble::relay_failed, Trouble::lost, Trouble::local,
			 Trouble::port_held, Trouble::grant_gone, Trouble::elsewhere}) {
		Bench bench;
		bench.start();
		int tries = 0;
		for (; bench.machine.state() != SupervisorState::ended && tries < 100'000; ++tries) {
			bench.random = static_cast<std::uint64_t>(tries) * 7919 + 1000;
			bench.failed(trouble);
			ASSERT_EQ(bench.machine.state(), SupervisorState::waiting) << format_trouble(trouble);
			ASSERT_LE(*bench.machine.wake() - bench.now, kPauseMax);
			bench.woken();
		}
		EXPECT_EQ(bench.now, bench.window.ends) << format_trouble(trouble);
		EXPECT_GT(tries, 60);
	}
}

// ---- refusals ----

TEST(AgentConduct, AsksARefusingRelayAgainOnlyAfterThePoll) {
	for (const Trouble trouble : {Trouble::blocked, Trouble::serial_unknown, Trouble::identity,
			 Trouble::refused, Trouble::host_key, Trouble::not_activated, Trouble::revoked}) {
		Bench bench;
		bench.start();
		bench.failed(trouble);
		EXPECT_EQ(bench.machine.state(), SupervisorState::refused) << format_trouble(trouble);
		EXPECT_GE(*bench.machine.wake(), bench.now + kPoll / 2);
		EXPECT_LE(*bench.machine.wake(), bench.now + kPoll * 3 / 2);
		EXPECT_EQ(bench.woken(), "enrol r:443");
	}
}

TEST(AgentConduct, GoesOnWithOtherRelaysWhereOneRefuses) {
	Bench bench;
	bench.relays = {{"r", {443, 2222}}, {"s", {443}}};
	bench.start();
	EXPECT_EQ(bench.failed(Trouble::blocked), "tell blocked, enrol s:443");
	EXPECT_EQ(bench.failed(Trouble::unreachable), "tell unreachable");
	EXPECT_EQ(bench.machine.state(), SupervisorState::waiting);
	EXPECT_EQ(bench.woken(), "enrol s:443");
}

TEST(AgentConduct, AWrongHostKeyShutsOnePortAndAnotherNetworkOpensItAgain) {
	Bench bench;
	bench.relays = {{"r", {443, 2222}}};
	bench.start();
	EXPECT_EQ(bench.failed(Trouble::host_key), "tell host-key, enrol r:2222");
	EXPECT_EQ(bench.failed(Trouble::host_key), "tell host-key");
	EXPECT_EQ(bench.machine.state(), SupervisorState::refused);
	EXPECT_EQ(bench.on(event::NetworkChanged{}), "enrol r:443");
}

TEST(AgentConduct, AnotherNetworkDoesNotMendABlock) {
	Bench bench;
	bench.start();
	bench.failed(Trouble::blocked);
	EXPECT_EQ(bench.on(event::NetworkChanged{}), "");
	++bench.window.revision;
	EXPECT_EQ(bench.on(event::WindowSeen{bench.window}), "enrol r:443");
}

TEST(AgentConduct, ADisplacedMachineGivesWayForLongerEachTimeUntilSomethingChangesHere) {
	Bench bench;
	bench.relays = {{"r", {443}}, {"s", {443}}};
	bench.come_up();
	Time most{0};
	for (int i = 0; i < 12; ++i) {
		bench.random = UINT64_MAX / 2 + static_cast<std::uint64_t>(i) * 1'000'003;
		EXPECT_EQ(bench.heard(HeartbeatLine::Message::bye, Bye::displaced),
			"stop-tunnel, tell displaced");
		ASSERT_EQ(bench.machine.state(), SupervisorState::refused);
		EXPECT_EQ(bench.on(event::NetworkChanged{}), "")
			<< "another network changes nothing about it";
		const Time wait = *bench.machine.wake() - bench.now;
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
	EXPECT_LE(*bench.machine.wake() - bench.now, Time(32s));
}

TEST(AgentConduct, SaysThatItWasDisplacedUntilARelayHasHeardIt) {
	Bench bench;
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

TEST(AgentConduct, TheOlderOfTwoMachinesAsksNoRelayUntilItsWindowIsAnother) {
	Bench bench;
	bench.relays = {{"r", {443}}, {"s", {443}}};
	bench.start();
	EXPECT_EQ(bench.failed(Trouble::twin), "tell twin");
	EXPECT_EQ(bench.machine.state(), SupervisorState::refused);
	EXPECT_GE(*bench.machine.wake(), bench.now + kPollTwin / 2);
	EXPECT_EQ(bench.on(event::NetworkChanged{}), "");
	bench.window.id = id_of("x0x0x0x0x0");
	EXPECT_EQ(bench.on(event::WindowSeen{bench.window}), "enrol r:443");
}

TEST(AgentConduct, ATwinIsShownBesideATunnelThatIsUp) {
	Bench bench;
	bench.come_up();
	EXPECT_EQ(bench.heard(HeartbeatLine::Message::twin), "tell twin");
	EXPECT_EQ(bench.heard(HeartbeatLine::Message::twin), "") << "told once";
	EXPECT_EQ(bench.machine.state(), SupervisorState::up);
	EXPECT_EQ(bench.machine.view().failure.trouble, Trouble::twin);
	++bench.window.revision;
	bench.on(event::WindowSeen{bench.window});
	bench.on(event::Enrolled{granted()});
	EXPECT_EQ(bench.machine.view().failure.trouble, Trouble::twin)
		<< "an extension does not make it go away";
	bench.ended(Trouble::lost);
	EXPECT_EQ(bench.machine.view().failure.trouble, Trouble::lost);
	bench.woken();
	bench.heard(HeartbeatLine::Message::ready);
	EXPECT_EQ(bench.machine.view().failure.trouble, Trouble::none)
		<< "the relay says it again where it is so";
}

TEST(AgentConduct, ShowsARefusalRatherThanARelayThatDoesNotAnswer) {
	Bench bench;
	bench.relays = {{"r", {443}}, {"s", {443}}};
	bench.start();
	bench.failed(Trouble::blocked);
	bench.failed(Trouble::unreachable);
	EXPECT_EQ(bench.machine.view().failure.trouble, Trouble::blocked);
	bench.now = *bench.machine.wake() + kPoll * 2;
	bench.on(event::Woken{});
	bench.failed(Trouble::unreachable);
	EXPECT_EQ(bench.machine.view().failure.trouble, Trouble::unreachable)
		<< "the refusal is of long ago";
}

TEST(AgentConduct, BeginsNothingInAWindowThatIsAboutToEnd) {
	Bench bench;
	bench.window.ends = bench.now + Time(60s);
	bench.start();
	bench.on(event::Enrolled{granted(59s)});
	bench.heard(HeartbeatLine::Message::ready);
	bench.now += Time(58500ms);
	EXPECT_EQ(
		bench.heard(HeartbeatLine::Message::bye, Bye::expired), "stop-tunnel, tell grant-gone");
	EXPECT_EQ(bench.woken(), "");
	EXPECT_EQ(bench.woken(), "quit");
	EXPECT_EQ(bench.now, bench.window.ends);
}

TEST(AgentConduct, ABlockedOrRevokedTunnelIsNotTriedAgainAtOnce) {
	for (const Bye bye : {Bye::blocked, Bye::revoked}) {
		Bench bench;
		bench.come_up();
		bench.heard(HeartbeatLine::Message::bye, bye);
		EXPECT_EQ(bench.machine.state(), SupervisorState::refused);
	}
}

TEST(AgentConduct, TellsEachReasonOnceUntilATunnelCameUp) {
	Bench bench;
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

TEST(AgentConduct, ShowsWhatIsWrongUntilItIsRight) {
	Bench bench;
	bench.start();
	bench.failed(Trouble::blocked);
	EXPECT_EQ(bench.machine.view().failure.trouble, Trouble::blocked);
	bench.woken();
	EXPECT_EQ(bench.machine.view().failure.trouble, Trouble::blocked);
	bench.on(event::Enrolled{granted()});
	bench.heard(HeartbeatLine::Message::ready);
	EXPECT_EQ(bench.machine.view().failure.trouble, Trouble::none);
	EXPECT_EQ(bench.machine.view().address, "127.64.0.1");
}

}    // namespace
}    // namespace rassist::agent::test
