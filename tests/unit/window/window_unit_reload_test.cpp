// A window that is open is extended or shortened.
#include "common/system/files_write.hpp"
#include "tests/unit/window/window_world.hpp"

namespace rassist::window_unit {
namespace {

class WindowReload : public WindowUnitTest {};

TEST_F(WindowReload, ExtendsAndShortensFromNowOn) {
	ASSERT_TRUE(unit.open());
	const std::string code = contents(paths.code());
	for (const int seconds : {7200, 30}) {
		host.told.clear();
		host.clock.wall += 10;
		host.clock.boot += 10;
		ask(Verb::extend, std::chrono::seconds(seconds));
		const auto changed = unit.reload();
		ASSERT_TRUE(changed) << changed.error().what;
		EXPECT_EQ(changed->deadline.wall, host.clock.wall + seconds);
		const std::string revision = std::to_string(changed->revision) + ".timer";
		EXPECT_EQ(host.told,
			(std::vector<std::string>{"timer " + revision, "stop other timers than " + revision}));
		EXPECT_EQ(find_open_window(paths, host.clock, me)->deadline.wall, changed->deadline.wall);
		EXPECT_EQ(
			find_grant(grant_folder_of(Role::assist, paths), changed->login_key, me)->expires->wall,
			changed->deadline.wall);
		EXPECT_EQ(contents(sudo_right()), format_sudo_rule(changed->deadline.wall));
	}
	EXPECT_EQ(contents(paths.code()), code);
}

TEST_F(WindowReload, WhereTheNewTimerFailsTheOldEndHolds) {
	const auto opened = unit.open();
	ASSERT_TRUE(opened);
	const std::string record = contents(paths.window());
	host.timer_fails = true;
	ask(Verb::extend, std::chrono::seconds(7200));
	host.told.clear();
	EXPECT_FALSE(unit.reload());
	EXPECT_EQ(contents(paths.window()), record);
	EXPECT_EQ(host.told, (std::vector<std::string>{"timer 1.timer"}));
}

TEST_F(WindowReload, WhatCannotBeWrittenIsRefusedWholeAndTheNextExtendWorks) {
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
			host.at_timer = [&] {
				ASSERT_EQ(::rename(path.c_str(), (folder / "away").c_str()), 0);
				make(path);
			};
			host.told.clear();
			ask(Verb::extend, std::chrono::seconds(seconds));
			EXPECT_FALSE(unit.reload()) << path;
			EXPECT_EQ(host.told, undone) << path;
			ASSERT_TRUE(remove_tree(path));
			ASSERT_EQ(::rename((folder / "away").c_str(), path.c_str()), 0);
			EXPECT_EQ(contents(paths.window()), record) << path;
			EXPECT_EQ(contents(grant), granted) << path;
			EXPECT_EQ(contents(sudo_right()), right) << path;
		}
	}
	host.at_timer = {};
	host.told.clear();
	ask(Verb::extend, std::chrono::seconds(7200));
	const auto extended = unit.reload();
	ASSERT_TRUE(extended) << extended.error().what;
	EXPECT_EQ(
		host.told, (std::vector<std::string>{"timer 1.timer", "stop other timers than 1.timer"}));
}

TEST_F(WindowReload, WhereTheFormerTimerCannotBeStoppedBothEndsStand) {
	ASSERT_TRUE(unit.open());
	host.stop_fails = true;
	host.told.clear();
	ask(Verb::extend, std::chrono::seconds(7200));
	EXPECT_NE(unit.reload().error().what.find("so that end holds"), std::string::npos);
	EXPECT_EQ(
		host.told, (std::vector<std::string>{"timer 1.timer", "stop other timers than 1.timer"}));
}

TEST_F(WindowReload, AReloadWithoutARequestChangesNothing) {
	ASSERT_TRUE(unit.open());
	const std::string record = contents(paths.window());
	host.told.clear();
	EXPECT_TRUE(unit.reload());
	EXPECT_EQ(contents(paths.window()), record);
	EXPECT_TRUE(host.told.empty());
}

TEST_F(WindowReload, WhatIsOverCannotBeExtended) {
	ask(Verb::extend, std::chrono::seconds(60));
	EXPECT_EQ(unit.reload().error().code, Fault::expired);
	ASSERT_TRUE(unit.open());
	host.clock.wall += 3600;
	host.clock.boot += 3600;
	ask(Verb::extend, std::chrono::seconds(60));
	EXPECT_EQ(unit.reload().error().code, Fault::expired);
	EXPECT_EQ(host.deadlines.size(), 1U);
}

}    // namespace
}    // namespace rassist::window_unit
