// A window is opened.
#include "common/keys/derive.hpp"
#include "common/keys/digest.hpp"
#include "common/system/files_write.hpp"
#include "tests/unit/window/window_world.hpp"

namespace rassist::window_unit {
namespace {

class WindowOpen : public WindowUnitTest {};

TEST_F(WindowOpen, OpensForTheConfigsLengthWithACodeAGrantAndASudoRight) {
	const auto opened = unit.open();
	ASSERT_TRUE(opened) << opened.error().what;
	EXPECT_EQ(opened->deadline.wall, host.clock.wall + 3600);
	EXPECT_EQ(opened->sequence, 1);
	const auto found = find_open_window(paths, host.clock, me);
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
	EXPECT_EQ(contents(sudo_right()), format_sudo_rule(opened->deadline.wall));
	EXPECT_EQ(contents(paths.door_config()), format_door_config(reach_of(Config{})));
	EXPECT_EQ(contents(paths.unswept()), opened->id.str() + "\n");
	EXPECT_NE(host.status_line.find("serial sn123"), std::string::npos);
}

TEST_F(WindowOpen, NothingLetsAnybodyInBeforeTheTimerRuns) {
	ASSERT_TRUE(unit.open());
	EXPECT_EQ(host.told, (std::vector<std::string>{"sweep", "stop timers", "timer 0.timer"}));
	EXPECT_EQ(host.record_at_timer, "");
	EXPECT_FALSE(host.secret_at_timer);
}

TEST_F(WindowOpen, SecretsAreRootsAloneAndTheCodeIsNowhereElse) {
	ASSERT_TRUE(unit.open());
	for (const std::string& path : {paths.code(), paths.host_key(), paths.door_config()}) {
		struct stat file {};
		ASSERT_EQ(::stat(path.c_str(), &file), 0);
		EXPECT_EQ(file.st_mode & 07777, 0600U) << path;
	}
	const std::string code = contents(paths.code()).substr(0, 15);
	const std::string canonical(read_window_code(paths, me)->canonical());
	std::string told = contents(paths.window()) + host.status_line + contents(paths.unswept());
	for (const std::string& entry : host.entries)
		told += entry;
	EXPECT_EQ(told.find(code), std::string::npos);
	EXPECT_EQ(told.find(canonical), std::string::npos);
}

TEST_F(WindowOpen, WithoutSudoThereIsNoRight) {
	configure("sudo = no\n");
	ASSERT_TRUE(unit.open());
	EXPECT_FALSE(is_there(sudo_right()));
}

TEST_F(WindowOpen, ARequestSetsTheLength) {
	ask(Verb::open, std::chrono::seconds(5));
	const auto opened = unit.open();
	ASSERT_TRUE(opened);
	EXPECT_EQ(opened->deadline.wall, host.clock.wall + 5);
}

TEST_F(WindowOpen, RefusesALengthOverTheConfigs) {
	ask(Verb::open, std::chrono::hours(9));
	const auto opened = unit.open();
	ASSERT_FALSE(opened);
	EXPECT_EQ(opened.error().code, Fault::too_large);
	EXPECT_NE(opened.error().what.find("at most 8h"), std::string::npos) << opened.error().what;
	expect_nothing_left();
}

TEST_F(WindowOpen, RefusesAConfigWithWhichNobodyCouldBeReached) {
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

TEST_F(WindowOpen, AFailureLeavesNothing) {
	host.timer_fails = true;
	EXPECT_FALSE(unit.open());
	expect_nothing_left();
	host.timer_fails = false;
	// the right cannot be written, all before it can
	host.at_timer = [&] { (void)remove_tree(paths.sudoers()); };
	EXPECT_FALSE(unit.open());
	expect_nothing_left();
	EXPECT_FALSE(is_there(paths.unswept()));
	EXPECT_TRUE(host.entries.empty());
}

TEST_F(WindowOpen, SequenceRisesWithEachWindow) {
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

TEST_F(WindowOpen, ANewWindowKeepsNothingOfACrashedOne) {
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

}    // namespace
}    // namespace rassist::window_unit
