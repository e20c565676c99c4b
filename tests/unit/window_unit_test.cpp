// The window's unit, with PID 1 played. It is longer than 350 lines because all of it drives that one machine.
#include "window/unit.hpp"

#include "common/process.hpp"
#include "common/session.hpp"
#include "common/store.hpp"
#include "tests/unit/temporary_folder.hpp"
#include "window/texts.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

namespace rassist::window_unit {
namespace {

using test::contents;
using test::is_there;
using test::make;
using test::spill;
using test::TemporaryFolder;
using Verb = WindowRequest::Verb;

/// Plays PID 1, the clock and the sweep, and remembers in which order it was asked.
class PlayedMachine : public Machine {
public:
	explicit PlayedMachine(const Paths& paths) : paths_(paths) {}

	Result<Now> now() override { return clock; }
	Status start_timer(const Window& window) override {
		told.push_back("timer " + timer_name(window).substr(28));
		record_at_timer = contents(paths_.window());
		secret_at_timer = is_there(paths_.code()) || is_there(paths_.host_key());
		deadlines.push_back(window.deadline.wall);
		if (at_timer)
			at_timer();
		return timer_fails ? Status(Error{Fault::unavailable, "no timer today"}) : Status(Done{});
	}
	Status stop_timers_except(std::string_view name) override {
		told.push_back(name.empty() ? "stop timers" : "stop other timers than " + std::string(name.substr(28)));
		return stop_fails ? Status(Error{Fault::unavailable, "no answer"}) : Status(Done{});
	}
	Result<bool> window_is_up() override { return up; }
	SweepReport sweep() override {
		told.emplace_back("sweep");
		door_shut_at_sweep = !is_there(paths_.window()) && !is_there(paths_.code()) && !is_there(paths_.host_key());
		return swept;
	}
	void say(const std::string& status) override { status_line = status; }
	void journal(const JournalEntry& entry) override { entries.push_back(entry.datagram()); }

	Now clock{1'795'270'800, 5000, "3f1c7a1e-5d0b-4f0a-9a5b-e6a2c0d1e001"};
	std::function<void()> at_timer;
	bool timer_fails = false;
	bool stop_fails = false;
	bool up = false;
	bool secret_at_timer = false;
	bool door_shut_at_sweep = false;
	SweepReport swept;
	std::string record_at_timer;
	std::string status_line;
	std::vector<std::string> told;
	std::vector<std::string> entries;
	std::vector<std::int64_t> deadlines;

private:
	const Paths& paths_;
};

class WindowUnit : public testing::Test {
protected:
	WindowUnit() {
		for (const std::string& path : {paths.etc, paths.state, paths.run, paths.grants(), paths.sessions(), paths.sudoers()})
			make(path);
		configure("");
	}
	void configure(const std::string& more) const {
		spill(paths.config(), "[device]\nserial = sn123\nrelays = relay.example.com\nwindow = 1h\nwindow-max = 8h\n" + more);
	}
	void ask(Verb verb, std::chrono::seconds length) const { ASSERT_TRUE(write_window_request(paths, verb, length, machine.clock)); }
	void expect_nothing_left() const {
		for (const std::string& path :
			{paths.window(), paths.code(), paths.host_key(), paths.door_config(), paths.home(), paths.wrong_codes(), sudo_right()})
			EXPECT_FALSE(is_there(path)) << path;
		const auto grants = list_grants(place_of(Role::assist, paths), me);
		EXPECT_TRUE(grants && grants->grants.empty());
	}
	[[nodiscard]] std::string sudo_right() const { return paths.sudoers() + "/rassist"; }
	[[nodiscard]] std::string last_entry() const { return machine.entries.empty() ? "" : machine.entries.back(); }

	const TemporaryFolder folder;
	const Paths paths{.etc = folder / "etc", .state = folder / "state", .run = folder / "run"};
	const uid_t me = geteuid();
	PlayedMachine machine{paths};
	Unit unit{paths, Account{me, getegid()}, machine, me};
};

TEST_F(WindowUnit, OpensForTheConfigsLengthWithACodeAGrantAndASudoRight) {
	const auto opened = unit.open();
	ASSERT_TRUE(opened) << opened.error().what;
	EXPECT_EQ(opened->deadline.wall, machine.clock.wall + 3600);
	EXPECT_EQ(opened->sequence, 1);
	const auto found = open_window(paths, machine.clock, me);
	ASSERT_TRUE(found && found->has_value());
	EXPECT_EQ((*found)->id, opened->id);
	const auto code = window_code(paths, me);
	ASSERT_TRUE(code);
	const auto keys = derive_window_keys(*code, *Serial::parse("sn123"));
	ASSERT_TRUE(keys);
	EXPECT_EQ(fingerprint_of(keys->login.public_key()), opened->login_key);
	EXPECT_EQ(fingerprint_of(keys->host.public_key()), opened->host_key);
	const auto grant = find_grant(place_of(Role::assist, paths), opened->login_key, me);
	ASSERT_TRUE(grant && grant->has_value());
	EXPECT_EQ((*grant)->expires->wall, opened->deadline.wall);
	EXPECT_EQ((*grant)->reach, reach_of(Config{}));
	EXPECT_EQ(contents(sudo_right()), sudo_rule(opened->deadline.wall));
	EXPECT_EQ(contents(paths.door_config()), door_config(reach_of(Config{})));
	EXPECT_EQ(contents(paths.unswept()), opened->id.str() + "\n");
	EXPECT_NE(machine.status_line.find("serial sn123"), std::string::npos);
}

TEST_F(WindowUnit, NothingLetsAnybodyInBeforeTheTimerRuns) {
	ASSERT_TRUE(unit.open());
	EXPECT_EQ(machine.told, (std::vector<std::string>{"sweep", "stop timers", "timer 0.timer"}));
	EXPECT_EQ(machine.record_at_timer, "");
	EXPECT_FALSE(machine.secret_at_timer);
}

TEST_F(WindowUnit, SecretsAreRootsAloneAndTheCodeIsNowhereElse) {
	ASSERT_TRUE(unit.open());
	for (const std::string& path : {paths.code(), paths.host_key(), paths.door_config()}) {
		struct stat file {};
		ASSERT_EQ(::stat(path.c_str(), &file), 0);
		EXPECT_EQ(file.st_mode & 07777, 0600U) << path;
	}
	const std::string code = contents(paths.code()).substr(0, 15);
	const std::string canonical(window_code(paths, me)->canonical());
	std::string told = contents(paths.window()) + machine.status_line + contents(paths.unswept());
	for (const std::string& entry : machine.entries)
		told += entry;
	EXPECT_EQ(told.find(code), std::string::npos);
	EXPECT_EQ(told.find(canonical), std::string::npos);
}

TEST_F(WindowUnit, WithoutSudoThereIsNoRight) {
	configure("sudo = no\n");
	ASSERT_TRUE(unit.open());
	EXPECT_FALSE(is_there(sudo_right()));
}

TEST_F(WindowUnit, ARequestSetsTheLength) {
	ask(Verb::open, std::chrono::seconds(5));
	const auto opened = unit.open();
	ASSERT_TRUE(opened);
	EXPECT_EQ(opened->deadline.wall, machine.clock.wall + 5);
}

TEST_F(WindowUnit, RefusesALengthOverTheConfigs) {
	ask(Verb::open, std::chrono::hours(9));
	const auto opened = unit.open();
	ASSERT_FALSE(opened);
	EXPECT_EQ(opened.error().code, Fault::too_large);
	EXPECT_NE(opened.error().what.find("at most 8h"), std::string::npos) << opened.error().what;
	expect_nothing_left();
}

TEST_F(WindowUnit, RefusesAConfigWithWhichNobodyCouldBeReached) {
	for (const char* text :
		{"[device]\nrelays = relay\n", "[device]\nserial = sn123\n", "[device]\nserial = sn123\nrelays = relay\nno-such = 1\n", "garbage"}) {
		spill(paths.config(), text);
		EXPECT_FALSE(unit.open()) << text;
	}
	spill(paths.config(), "[device]\nserial = sn123\nrelays = relay\n", 0666);
	EXPECT_FALSE(unit.open());
	ASSERT_TRUE(remove_file(paths.config()));
	const auto opened = unit.open();
	ASSERT_FALSE(opened);
	EXPECT_NE(opened.error().what.find("rassist.conf(5)"), std::string::npos);
	EXPECT_FALSE(is_there(paths.sequence()));
	expect_nothing_left();
}

TEST_F(WindowUnit, AFailureLeavesNothing) {
	machine.timer_fails = true;
	EXPECT_FALSE(unit.open());
	expect_nothing_left();
	machine.timer_fails = false;
	machine.at_timer = [&] { (void)remove_tree(paths.sudoers()); };    // the right cannot be written, all before it can
	EXPECT_FALSE(unit.open());
	expect_nothing_left();
	EXPECT_FALSE(is_there(paths.unswept()));
	EXPECT_TRUE(machine.entries.empty());
}

TEST_F(WindowUnit, SequenceRisesWithEachWindow) {
	ASSERT_TRUE(unit.open());
	(void)unit.close();
	const auto second = unit.open();
	ASSERT_TRUE(second);
	EXPECT_EQ(second->sequence, 2);
	spill(paths.sequence(), "many\n");
	const auto third = unit.open();
	ASSERT_FALSE(third);
	EXPECT_NE(third.error().what.find("remove it"), std::string::npos) << third.error().what;
}

TEST_F(WindowUnit, ANewWindowKeepsNothingOfACrashedOne) {
	const auto first = unit.open();
	ASSERT_TRUE(first);
	spill(paths.home() + "/left", "x");
	spill(paths.wrong_codes(), "3\n", 0600);
	const auto second = unit.open();
	ASSERT_TRUE(second);
	EXPECT_NE(second->login_key, first->login_key);
	EXPECT_FALSE(is_there(paths.home() + "/left"));
	EXPECT_FALSE(is_there(paths.wrong_codes()));
	const auto old = find_grant(place_of(Role::assist, paths), first->login_key, me);
	EXPECT_TRUE(old && !old->has_value());
}

TEST_F(WindowUnit, ExtendsAndShortensFromNowOn) {
	ASSERT_TRUE(unit.open());
	const std::string code = contents(paths.code());
	for (const int seconds : {7200, 30}) {
		machine.told.clear();
		machine.clock.wall += 10;
		machine.clock.boot += 10;
		ask(Verb::extend, std::chrono::seconds(seconds));
		const auto changed = unit.reload();
		ASSERT_TRUE(changed) << changed.error().what;
		EXPECT_EQ(changed->deadline.wall, machine.clock.wall + seconds);
		const std::string revision = std::to_string(changed->revision) + ".timer";
		EXPECT_EQ(machine.told, (std::vector<std::string>{"timer " + revision, "stop other timers than " + revision}));
		EXPECT_EQ(open_window(paths, machine.clock, me)->value().deadline.wall, changed->deadline.wall);
		EXPECT_EQ((*find_grant(place_of(Role::assist, paths), changed->login_key, me))->expires->wall, changed->deadline.wall);
		EXPECT_EQ(contents(sudo_right()), sudo_rule(changed->deadline.wall));
	}
	EXPECT_EQ(contents(paths.code()), code);
}

TEST_F(WindowUnit, WhereTheNewTimerFailsTheOldEndHolds) {
	const auto opened = unit.open();
	ASSERT_TRUE(opened);
	const std::string record = contents(paths.window());
	machine.timer_fails = true;
	ask(Verb::extend, std::chrono::seconds(7200));
	machine.told.clear();
	EXPECT_FALSE(unit.reload());
	EXPECT_EQ(contents(paths.window()), record);
	EXPECT_EQ(machine.told, (std::vector<std::string>{"timer 1.timer"}));
}

TEST_F(WindowUnit, WhatCannotBeWrittenIsRefusedWholeAndTheNextExtendWorks) {
	const auto opened = unit.open();
	ASSERT_TRUE(opened);
	const std::string record = contents(paths.window());
	const std::string grant = paths.grants() + "/" + opened->login_key.file_name();
	const std::string granted = contents(grant);
	const std::string right = contents(sudo_right());
	const std::vector<std::string> undone{"timer 1.timer", "stop other timers than 0.timer"};
	for (const std::string& path : {paths.window(), grant, sudo_right()}) {
		for (const int seconds : {7200, 30}) {
			// what is written by a rename cannot take a folder's place
			machine.at_timer = [&] {
				ASSERT_EQ(::rename(path.c_str(), (folder / "away").c_str()), 0);
				make(path);
			};
			machine.told.clear();
			ask(Verb::extend, std::chrono::seconds(seconds));
			EXPECT_FALSE(unit.reload()) << path;
			EXPECT_EQ(machine.told, undone) << path;
			ASSERT_TRUE(remove_tree(path));
			ASSERT_EQ(::rename((folder / "away").c_str(), path.c_str()), 0);
			EXPECT_EQ(contents(paths.window()), record) << path;
			EXPECT_EQ(contents(grant), granted) << path;
			EXPECT_EQ(contents(sudo_right()), right) << path;
		}
	}
	machine.at_timer = {};
	machine.told.clear();
	ask(Verb::extend, std::chrono::seconds(7200));
	const auto extended = unit.reload();
	ASSERT_TRUE(extended) << extended.error().what;
	EXPECT_EQ(machine.told, (std::vector<std::string>{"timer 1.timer", "stop other timers than 1.timer"}));
}

TEST_F(WindowUnit, WhereTheFormerTimerCannotBeStoppedBothEndsStand) {
	ASSERT_TRUE(unit.open());
	machine.stop_fails = true;
	machine.told.clear();
	ask(Verb::extend, std::chrono::seconds(7200));
	EXPECT_NE(unit.reload().error().what.find("so that end holds"), std::string::npos);
	EXPECT_EQ(machine.told, (std::vector<std::string>{"timer 1.timer", "stop other timers than 1.timer"}));
}

TEST_F(WindowUnit, AReloadWithoutARequestChangesNothing) {
	ASSERT_TRUE(unit.open());
	const std::string record = contents(paths.window());
	machine.told.clear();
	EXPECT_TRUE(unit.reload());
	EXPECT_EQ(contents(paths.window()), record);
	EXPECT_TRUE(machine.told.empty());
}

TEST_F(WindowUnit, WhatIsOverCannotBeExtended) {
	ask(Verb::extend, std::chrono::seconds(60));
	EXPECT_EQ(unit.reload().error().code, Fault::expired);
	ASSERT_TRUE(unit.open());
	machine.clock.wall += 3600;
	machine.clock.boot += 3600;
	ask(Verb::extend, std::chrono::seconds(60));
	EXPECT_EQ(unit.reload().error().code, Fault::expired);
	EXPECT_EQ(machine.deadlines.size(), 1U);
}

TEST_F(WindowUnit, CloseShutsTheDoorFirstAndLeavesNothing) {
	ASSERT_TRUE(unit.open());
	make(paths.sessions() + "/assist.sn123");
	spill(paths.sessions() + "/assist.sn123/1", "x");
	make(paths.sessions() + "/staff.sam");
	machine.clock.wall += 60;
	machine.clock.boot += 60;
	EXPECT_TRUE(unit.close().troubles.empty());
	EXPECT_FALSE(is_there(paths.sessions() + "/assist.sn123"));
	EXPECT_TRUE(is_there(paths.sessions() + "/staff.sam")) << "a relay's, on the same machine";
	EXPECT_TRUE(machine.door_shut_at_sweep);
	expect_nothing_left();
	EXPECT_FALSE(is_there(paths.unswept()));
	EXPECT_NE(last_entry().find("stopped 59m before its end"), std::string::npos) << last_entry();
	EXPECT_NE(machine.status_line.find("closed"), std::string::npos);
}

TEST_F(WindowUnit, CloseTellsOfEachSessionThatItEnded) {
	ASSERT_TRUE(unit.open());
	Session session;
	session.role = Role::assist;
	session.subject = "sn123";
	session.pid = getpid();
	session.started = *process_start(getpid()) + 1;    // a process that is gone
	session.key = "typed code";
	session.from = "tunnel";
	session.since = machine.clock.wall;
	ASSERT_TRUE(register_session(paths, session));
	machine.clock.wall += 90;
	(void)unit.close();
	const auto told = std::ranges::count_if(machine.entries, [](const std::string& entry) {
		return entry.find(message::kSessionEnded) != std::string::npos && entry.find("RASSIST_REASON=the window ended") != std::string::npos &&
			   entry.find("RASSIST_DURATION=90") != std::string::npos;
	});
	EXPECT_EQ(told, 1);
}

TEST_F(WindowUnit, CloseAtTheDeadlineSaysSo) {
	ASSERT_TRUE(unit.open());
	machine.clock.wall += 3600;
	(void)unit.close();
	EXPECT_NE(last_entry().find("its time was over"), std::string::npos) << last_entry();
}

TEST_F(WindowUnit, CloseOfAClosedWindowDoesNoHarmAndSaysNothing) {
	EXPECT_TRUE(unit.close().troubles.empty());
	EXPECT_TRUE(unit.close().troubles.empty());
	EXPECT_TRUE(machine.entries.empty());
	EXPECT_EQ(machine.status_line, "");
}

TEST_F(WindowUnit, CloseGoesOnPastAFailureAndTellsIt) {
	ASSERT_TRUE(unit.open());
	ASSERT_TRUE(remove_file(paths.window()));
	make(paths.window());    // unlink fails
	const Closed closed = unit.close();
	ASSERT_EQ(closed.troubles.size(), 1U);
	EXPECT_NE(closed.troubles[0].find(paths.window()), std::string::npos);
	EXPECT_FALSE(is_there(paths.code()));
	EXPECT_FALSE(is_there(paths.home()));
	EXPECT_TRUE(is_there(paths.unswept())) << "not all is gone, so the next boot has to look again";
}

TEST_F(WindowUnit, ACloseMakesOddFoldersPlainAgain) {
	for (const std::string& path : {paths.grants(), paths.sudoers()}) {
		const TemporaryFolder elsewhere;
		spill(elsewhere / "rassist", "x");
		ASSERT_TRUE(remove_tree(path));
		ASSERT_EQ(::symlink(elsewhere.path().c_str(), path.c_str()), 0);
		EXPECT_TRUE(unit.close().troubles.empty());
		EXPECT_TRUE(Folder::open(path)) << path;
		EXPECT_TRUE(is_there(elsewhere / "rassist"));
	}
}

TEST_F(WindowUnit, TheMarkStaysWhereTheSweepLeftSomething) {
	ASSERT_TRUE(unit.open());
	machine.swept.left = {"process 7 (x) still runs"};
	EXPECT_EQ(unit.close().troubles, machine.swept.left);
	EXPECT_TRUE(is_there(paths.unswept()));
	machine.swept.left.clear();
	const auto swept = unit.sweep();
	ASSERT_TRUE(swept);
	EXPECT_FALSE(is_there(paths.unswept()));
	EXPECT_NE(last_entry().find("without a goodbye"), std::string::npos) << last_entry();
}

TEST_F(WindowUnit, AnOpenWindowIsNotSwept) {
	ASSERT_TRUE(unit.open());
	machine.up = true;
	const auto swept = unit.sweep();
	ASSERT_FALSE(swept);
	EXPECT_EQ(swept.error().code, Fault::busy);
	EXPECT_TRUE(is_there(paths.window()));
}

}    // namespace
}    // namespace rassist::window_unit
