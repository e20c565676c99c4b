// The window's unit: a window is opened, extended, shortened.
#include "common/keys/derive.hpp"
#include "common/keys/digest.hpp"
#include "common/system/files_write.hpp"
#include "tests/unit/window/window_world.hpp"

namespace rassist::window_unit {
namespace {

TEST_F(WindowUnit, OpensForTheConfigsLengthWithACodeAGrantAndASudoRight) {
	const auto opened = unit.open();
	ASSERT_TRUE(opened) << opened.error().what;
	EXPECT_EQ(opened->deadline.wall, machine.clock.wall + 3600);
	EXPECT_EQ(opened->sequence, 1);
	const auto found = find_open_window(paths, machine.clock, me);
	ASSERT_TRUE(found.found());
	EXPECT_EQ(found->id, opened->id);
	const auto code = read_window_code(paths, me);
	ASSERT_TRUE(code);
	const auto keys = derive_window_keys(*code, *Serial::parse("sn123"));
	ASSERT_TRUE(keys);
	EXPECT_EQ(fingerprint_of(keys->login.public_key()), opened->login_key);
	EXPECT_EQ(fingerprint_of(keys->host.public_key()), opened->host_key);
	const auto grant = find_grant(grant_folder_of(Role::assist, paths), opened->login_key, me);
	ASSERT_TRUE(grant.found());
	EXPECT_EQ(grant->expires->wall, opened->deadline.wall);
	EXPECT_EQ(grant->reach, reach_of(Config{}));
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
	const std::string canonical(read_window_code(paths, me)->canonical());
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
	for (const char* text : {"[device]\nrelays = relay\n", "[device]\nserial = sn123\n",
			 "[device]\nserial = sn123\nrelays = relay\nno-such = 1\n", "garbage"}) {
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
	// the right cannot be written, all before it can
	machine.at_timer = [&] { (void)remove_tree(paths.sudoers()); };
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
	const auto old = find_grant(grant_folder_of(Role::assist, paths), first->login_key, me);
	EXPECT_TRUE(old.absent());
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
		EXPECT_EQ(machine.told,
			(std::vector<std::string>{"timer " + revision, "stop other timers than " + revision}));
		EXPECT_EQ(
			find_open_window(paths, machine.clock, me)->deadline.wall, changed->deadline.wall);
		EXPECT_EQ(
			find_grant(grant_folder_of(Role::assist, paths), changed->login_key, me)->expires->wall,
			changed->deadline.wall);
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
	EXPECT_EQ(machine.told,
		(std::vector<std::string>{"timer 1.timer", "stop other timers than 1.timer"}));
}

TEST_F(WindowUnit, WhereTheFormerTimerCannotBeStoppedBothEndsStand) {
	ASSERT_TRUE(unit.open());
	machine.stop_fails = true;
	machine.told.clear();
	ask(Verb::extend, std::chrono::seconds(7200));
	EXPECT_NE(unit.reload().error().what.find("so that end holds"), std::string::npos);
	EXPECT_EQ(machine.told,
		(std::vector<std::string>{"timer 1.timer", "stop other timers than 1.timer"}));
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

}    // namespace
}    // namespace rassist::window_unit
