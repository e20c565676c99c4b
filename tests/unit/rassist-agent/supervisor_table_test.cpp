// The agent's table, every cell: state × event → state and actions.
#include "tests/unit/rassist-agent/supervisor_bench.hpp"

#include <gtest/gtest.h>

#include <set>

namespace rassist::agent::test {
namespace {

struct Cell {
	SupervisorState from;
	std::string_view event;
	SupervisorState to;
	std::string_view actions;
};

constexpr SupervisorState starting = SupervisorState::starting,
						  enrolling = SupervisorState::enrolling,
						  connecting = SupervisorState::connecting, up = SupervisorState::up,
						  renewing = SupervisorState::renewing, waiting = SupervisorState::waiting,
						  refused = SupervisorState::refused, ended = SupervisorState::ended;

constexpr Cell kTable[] = {
	{starting, "window same", starting, ""},
	{starting, "window extended", starting, ""},
	{starting, "window other", starting, ""},
	{starting, "window gone", ended, "quit"},
	{starting, "configured", enrolling, "enrol r:443"},
	{starting, "misconfigured", starting, "tell local"},
	{starting, "network", starting, ""},
	{starting, "woken early", starting, ""},
	{starting, "woken late", ended, "quit"},
	{starting, "enrolled", starting, ""},
	{starting, "enrol failed", starting, ""},
	{starting, "ready", starting, ""},
	{starting, "beat", starting, ""},
	{starting, "bye", starting, ""},
	{starting, "ended", starting, ""},
	{starting, "stopped", ended, "quit"},

	{enrolling, "window same", enrolling, ""},
	{enrolling, "window extended", enrolling, "stop-enrol, enrol r:443"},
	{enrolling, "window other", enrolling, "stop-enrol, enrol r:443"},
	{enrolling, "window gone", ended, "stop-enrol, quit"},
	{enrolling, "configured", enrolling, ""},
	{enrolling, "misconfigured", enrolling, "tell local"},
	{enrolling, "network", enrolling, ""},
	{enrolling, "woken early", enrolling, ""},
	{enrolling, "woken late", waiting, "stop-enrol, tell timeout"},
	{enrolling, "enrolled", connecting, "tell none, tunnel r:443 127.64.0.1"},
	{enrolling, "enrol failed", waiting, "tell unreachable"},
	{enrolling, "ready", enrolling, ""},
	{enrolling, "beat", enrolling, ""},
	{enrolling, "bye", enrolling, ""},
	{enrolling, "ended", enrolling, ""},
	{enrolling, "stopped", ended, "stop-enrol, quit"},

	{connecting, "window same", connecting, ""},
	{connecting, "window extended", enrolling, "stop-tunnel, enrol r:443"},
	{connecting, "window other", enrolling, "stop-tunnel, enrol r:443"},
	{connecting, "window gone", ended, "stop-tunnel, quit"},
	{connecting, "configured", connecting, ""},
	{connecting, "misconfigured", connecting, "tell local"},
	{connecting, "network", connecting, ""},
	{connecting, "woken early", connecting, ""},
	{connecting, "woken late", waiting, "stop-tunnel, tell timeout"},
	{connecting, "enrolled", connecting, ""},
	{connecting, "enrol failed", connecting, ""},
	{connecting, "ready", up, "tell none"},
	{connecting, "beat", connecting, ""},
	{connecting, "bye", waiting, "stop-tunnel, tell relay-failed"},
	{connecting, "ended", waiting, "tell lost"},
	{connecting, "stopped", ended, "stop-tunnel, quit"},

	{up, "window same", up, ""},
	{up, "window extended", renewing, "enrol r:443"},
	{up, "window other", enrolling, "stop-tunnel, enrol r:443"},
	{up, "window gone", ended, "stop-tunnel, quit"},
	{up, "configured", up, ""},
	{up, "misconfigured", up, "tell local"},
	{up, "network", up, "beat"},
	{up, "woken early", up, ""},
	{up, "woken late", up, "beat"},
	{up, "enrolled", up, ""},
	{up, "enrol failed", up, ""},
	{up, "ready", up, ""},
	{up, "beat", up, ""},
	{up, "bye", waiting, "stop-tunnel, tell relay-failed"},
	{up, "ended", waiting, "stop-tunnel, tell lost"},
	{up, "stopped", ended, "stop-tunnel, quit"},

	{renewing, "window same", renewing, ""},
	{renewing, "window extended", renewing, "stop-enrol, enrol r:443"},
	{renewing, "window other", enrolling, "stop-enrol, stop-tunnel, enrol r:443"},
	{renewing, "window gone", ended, "stop-enrol, stop-tunnel, quit"},
	{renewing, "configured", renewing, ""},
	{renewing, "misconfigured", renewing, "tell local"},
	{renewing, "network", renewing, "beat"},
	{renewing, "woken early", renewing, ""},
	{renewing, "woken late", renewing, "beat"},
	{renewing, "enrolled", up, "tell none"},
	{renewing, "enrol failed", up, "tell unreachable"},
	{renewing, "ready", renewing, ""},
	{renewing, "beat", renewing, ""},
	{renewing, "bye", waiting, "stop-enrol, stop-tunnel, tell relay-failed"},
	{renewing, "ended", waiting, "stop-enrol, stop-tunnel, tell lost"},
	{renewing, "stopped", ended, "stop-enrol, stop-tunnel, quit"},

	{waiting, "window same", waiting, ""},
	{waiting, "window extended", enrolling, "enrol r:443"},
	{waiting, "window other", enrolling, "enrol r:443"},
	{waiting, "window gone", ended, "quit"},
	{waiting, "configured", enrolling, "enrol r:443"},
	{waiting, "misconfigured", waiting, "tell local"},
	{waiting, "network", enrolling, "enrol r:443"},
	{waiting, "woken early", waiting, ""},
	{waiting, "woken late", enrolling, "enrol r:443"},
	{waiting, "enrolled", waiting, ""},
	{waiting, "enrol failed", waiting, ""},
	{waiting, "ready", waiting, ""},
	{waiting, "beat", waiting, ""},
	{waiting, "bye", waiting, ""},
	{waiting, "ended", waiting, ""},
	{waiting, "stopped", ended, "quit"},

	{refused, "window same", refused, ""},
	{refused, "window extended", enrolling, "enrol r:443"},
	{refused, "window other", enrolling, "enrol r:443"},
	{refused, "window gone", ended, "quit"},
	{refused, "configured", enrolling, "enrol r:443"},
	{refused, "misconfigured", refused, "tell local"},
	{refused, "network", refused, ""},
	{refused, "woken early", refused, ""},
	{refused, "woken late", enrolling, "enrol r:443"},
	{refused, "enrolled", refused, ""},
	{refused, "enrol failed", refused, ""},
	{refused, "ready", refused, ""},
	{refused, "beat", refused, ""},
	{refused, "bye", refused, ""},
	{refused, "ended", refused, ""},
	{refused, "stopped", ended, "quit"},

	{ended, "window same", ended, ""},
	{ended, "window extended", ended, ""},
	{ended, "window other", ended, ""},
	{ended, "window gone", ended, ""},
	{ended, "configured", ended, ""},
	{ended, "misconfigured", ended, ""},
	{ended, "network", ended, ""},
	{ended, "woken early", ended, ""},
	{ended, "woken late", ended, ""},
	{ended, "enrolled", ended, ""},
	{ended, "enrol failed", ended, ""},
	{ended, "ready", ended, ""},
	{ended, "beat", ended, ""},
	{ended, "bye", ended, ""},
	{ended, "ended", ended, ""},
	{ended, "stopped", ended, ""},
};

TEST(SupervisorTable, DoesWhatTheTableSays) {
	for (const Cell& cell : kTable) {
		SCOPED_TRACE(
			"cell " + std::to_string(&cell - kTable) + ", event " + std::string(cell.event));
		SupervisorBench bench;
		bench.reach(cell.from);
		ASSERT_EQ(bench.supervisor.state(), cell.from);
		EXPECT_EQ(bench.on_named(cell.event), cell.actions);
		EXPECT_EQ(bench.supervisor.state(), cell.to);
	}
}

TEST(SupervisorTable, HasEachCellOnceInTheTable) {
	std::set<std::string_view> events;
	std::set<std::pair<SupervisorState, std::string_view>> cells;
	for (const Cell& cell : kTable) {
		events.insert(cell.event);
		EXPECT_TRUE(cells.insert({cell.from, cell.event}).second) << cell.event;
	}
	EXPECT_EQ(cells.size(), events.size() * 8);
}

TEST(SupervisorTable, AlwaysHasATimeToWakeAtWhileSomethingRunsOrIsPlanned) {
	for (const SupervisorState state : {enrolling, connecting, up, renewing, waiting, refused}) {
		SupervisorBench bench;
		bench.reach(state);
		ASSERT_TRUE(bench.supervisor.wake_time().has_value());
		EXPECT_GT(*bench.supervisor.wake_time(), bench.now);
		EXPECT_LT(*bench.supervisor.wake_time(), bench.window.ends);
	}
}

TEST(SupervisorTable, NeverAsksToBeWokenInThePastAfterAnyCell) {
	for (const Cell& cell : kTable) {
		SupervisorBench bench;
		bench.reach(cell.from);
		bench.on_named(cell.event);
		EXPECT_GT(bench.supervisor.wake_time().value_or(bench.now + 1s), bench.now)
			<< "cell " << (&cell - kTable);
	}
}

TEST(SupervisorTable, StartsWhenItFirstHearsOfAnything) {
	SupervisorBench bench;
	bench.on(event::WindowSeen{bench.window});
	bench.after(5s, event::Misconfigured{"for a test"});
	EXPECT_EQ(bench.supervisor.view().since, Time(100s));
}

}    // namespace
}    // namespace rassist::agent::test
