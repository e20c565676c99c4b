// What the agent does after a failure that may pass: with which grant, where and when it tries
// again.
#include "tests/unit/rassist-agent/supervisor_bench.hpp"

#include <gtest/gtest.h>

namespace rassist::agent::test {
namespace {

TEST(SupervisorRetry, ReconnectsWithItsGrantAndDoesNotEnrolForIt) {
	SupervisorBench bench;
	bench.come_up();
	bench.ended(Trouble::lost);
	EXPECT_EQ(bench.woken(), "tunnel r:443 127.64.0.1");
}

TEST(SupervisorRetry, EnrolsAgainWhereTheGrantIsGone) {
	struct Case {
		Bye bye;
		std::string_view trouble;
	};
	for (const Case& one : {Case{Bye::expired, "grant-gone"}, Case{Bye::silent, "silent"},
			 Case{Bye::failed, "relay-failed"}}) {
		SupervisorBench bench;
		bench.come_up();
		EXPECT_EQ(bench.heard(HeartbeatLine::Message::bye, one.bye),
			"stop-tunnel, tell " + std::string(one.trouble));
		EXPECT_EQ(
			bench.woken(), one.bye == Bye::expired ? "enrol r:443" : "tunnel r:443 127.64.0.1")
			<< one.trouble;
	}
	SupervisorBench bench;
	bench.reach(SupervisorState::connecting);
	EXPECT_EQ(bench.ended(Trouble::grant_gone), "tell grant-gone");
	EXPECT_EQ(bench.woken(), "enrol r:443");
}

TEST(SupervisorRetry, EnrolsAgainWhereTheGrantHasRunOutMeanwhile) {
	SupervisorBench bench;
	bench.start();
	bench.on(event::Enrolled{granted(60s)});
	bench.ended(Trouble::unreachable);
	bench.now += Time(58s);
	EXPECT_EQ(bench.woken(), "enrol r:443");
}

TEST(SupervisorRetry, TriesPortsThenRelaysInOrderAndThenPauses) {
	SupervisorBench bench;
	bench.relays = {{"r", {443, 2222}}, {"s", {443}}};
	EXPECT_EQ(bench.start(), "enrol r:443");
	EXPECT_EQ(bench.failed(Trouble::unreachable), "tell unreachable, enrol r:2222");
	EXPECT_EQ(bench.failed(Trouble::unreachable), "tell unreachable, enrol s:443");
	EXPECT_EQ(bench.failed(Trouble::unreachable), "tell unreachable");
	EXPECT_EQ(bench.supervisor.state(), SupervisorState::waiting);
	EXPECT_EQ(bench.woken(), "enrol r:443");
}

TEST(SupervisorRetry, NeverUsesOneRelaysGrantAtAnother) {
	SupervisorBench bench;
	bench.relays = {{"r", {443}}, {"s", {443}}};
	bench.start();
	bench.on(event::Enrolled{granted()});
	EXPECT_EQ(bench.ended(Trouble::unreachable), "tell unreachable, enrol s:443");
}

TEST(SupervisorRetry, TransientTroubleNeverStopsTheTryingBeforeTheWindowEnds) {
	for (const Trouble trouble : {Trouble::unreachable, Trouble::proxy, Trouble::timeout,
			 Trouble::protocol, Trouble::relay_failed, Trouble::lost, Trouble::local,
			 Trouble::port_held, Trouble::grant_gone, Trouble::elsewhere}) {
		SupervisorBench bench;
		bench.start();
		int tries = 0;
		for (; bench.supervisor.state() != SupervisorState::ended && tries < 100'000; ++tries) {
			bench.random = static_cast<std::uint64_t>(tries) * 7919 + 1000;
			bench.failed(trouble);
			ASSERT_EQ(bench.supervisor.state(), SupervisorState::waiting)
				<< format_trouble(trouble);
			ASSERT_LE(*bench.supervisor.wake_time() - bench.now, kPauseMax);
			bench.woken();
		}
		EXPECT_EQ(bench.now, bench.window.ends) << format_trouble(trouble);
		EXPECT_GT(tries, 60);
	}
}

TEST(SupervisorRetry, BeginsNothingInAWindowThatIsAboutToEnd) {
	SupervisorBench bench;
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

}    // namespace
}    // namespace rassist::agent::test
