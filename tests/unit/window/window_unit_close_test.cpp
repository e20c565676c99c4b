// A window is closed, and what it left is swept.
#include "common/system/files_write.hpp"
#include "tests/unit/window/window_world.hpp"

namespace rassist::window_unit {
namespace {

class WindowClose : public WindowUnitTest {};

TEST_F(WindowClose, CloseShutsTheDoorFirstAndLeavesNothing) {
	ASSERT_TRUE(unit.open());
	make(paths.sessions() + "/assist.sn123");
	spill(paths.sessions() + "/assist.sn123/1", "x");
	make(paths.sessions() + "/staff.sam");
	host.clock.wall += 60;
	host.clock.boot += 60;
	EXPECT_TRUE(unit.close().troubles.empty());
	EXPECT_FALSE(is_there(paths.sessions() + "/assist.sn123"));
	EXPECT_TRUE(is_there(paths.sessions() + "/staff.sam")) << "a relay's, on the same machine";
	EXPECT_TRUE(host.door_shut_at_sweep);
	expect_nothing_left();
	EXPECT_FALSE(is_there(paths.unswept()));
	EXPECT_NE(last_entry().find("stopped 59m before its end"), std::string::npos) << last_entry();
	EXPECT_NE(host.status_line.find("closed"), std::string::npos);
}

TEST_F(WindowClose, CloseTellsOfEachSessionThatItEnded) {
	ASSERT_TRUE(unit.open());
	Session session;
	session.role = Role::assist;
	session.subject = "sn123";
	session.pid = getpid();
	session.started = *read_process_start(getpid()) + 1;    // a process that is gone
	session.key = "typed code";
	session.from = "tunnel";
	session.since = host.clock.wall;
	ASSERT_TRUE(register_session(paths, session));
	host.clock.wall += 90;
	(void)unit.close();
	const auto told = std::ranges::count_if(host.entries, [](const std::string& entry) {
		return entry.find(message::kSessionEnded) != std::string::npos &&
			   entry.find("RASSIST_REASON=the window ended") != std::string::npos &&
			   entry.find("RASSIST_DURATION=90") != std::string::npos;
	});
	EXPECT_EQ(told, 1);
}

TEST_F(WindowClose, CloseAtTheDeadlineSaysSo) {
	ASSERT_TRUE(unit.open());
	host.clock.wall += 3600;
	(void)unit.close();
	EXPECT_NE(last_entry().find("its time was over"), std::string::npos) << last_entry();
}

TEST_F(WindowClose, CloseOfAClosedWindowDoesNoHarmAndSaysNothing) {
	EXPECT_TRUE(unit.close().troubles.empty());
	EXPECT_TRUE(unit.close().troubles.empty());
	EXPECT_TRUE(host.entries.empty());
	EXPECT_EQ(host.status_line, "");
}

TEST_F(WindowClose, CloseGoesOnPastAFailureAndTellsIt) {
	ASSERT_TRUE(unit.open());
	ASSERT_TRUE(remove_file(paths.window()));
	make(paths.window());    // unlink fails
	const CloseReport closed = unit.close();
	ASSERT_EQ(closed.troubles.size(), 1U);
	EXPECT_NE(closed.troubles[0].find(paths.window()), std::string::npos);
	EXPECT_FALSE(is_there(paths.code()));
	EXPECT_FALSE(is_there(paths.home()));
	EXPECT_TRUE(is_there(paths.unswept())) << "not all is gone, so the next boot has to look again";
}

TEST_F(WindowClose, ACloseMakesOddFoldersPlainAgain) {
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

TEST_F(WindowClose, TheMarkStaysWhereTheSweepLeftSomething) {
	ASSERT_TRUE(unit.open());
	host.swept.left = {"process 7 (x) still runs"};
	EXPECT_EQ(unit.close().troubles, host.swept.left);
	EXPECT_TRUE(is_there(paths.unswept()));
	host.swept.left.clear();
	const auto swept = unit.sweep();
	ASSERT_TRUE(swept);
	EXPECT_FALSE(is_there(paths.unswept()));
	EXPECT_NE(last_entry().find("without a goodbye"), std::string::npos) << last_entry();
}

TEST_F(WindowClose, AnOpenWindowIsNotSwept) {
	ASSERT_TRUE(unit.open());
	host.up = true;
	const auto swept = unit.sweep();
	ASSERT_FALSE(swept);
	EXPECT_EQ(swept.error().code, Fault::busy);
	EXPECT_TRUE(is_there(paths.window()));
}

}    // namespace
}    // namespace rassist::window_unit
