// What an account left is found and removed.
#include "window/sweep.hpp"

#include "tests/unit/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

namespace rassist::window_unit {
namespace {

using test::is_there;
using test::make;
using test::spill;
using test::TemporaryFolder;

const uid_t kMe = geteuid();
const uid_t kNobodyHere = kMe + 12345;

TEST(SweepFolder, RemovesEverythingOfTheUidAndNotTheFolderItself) {
	const TemporaryFolder shared;
	make(shared / "d");
	make(shared / "d/e");
	spill(shared / "d/e/deep", "x");
	spill(shared / "setuid", "x", 04755);
	spill(shared / ".hidden", "x");
	ASSERT_EQ(::mkfifo((shared / "fifo").c_str(), 0600), 0);
	ASSERT_EQ(::symlink("/etc/passwd", (shared / "link").c_str()), 0);
	const FilesSwept swept = sweep_folder(shared.path(), kMe, kMe);
	EXPECT_EQ(swept.removed, 7);
	EXPECT_TRUE(swept.left.empty()) << swept.left.front();
	EXPECT_EQ(::rmdir(shared.path().c_str()), 0) << "something is still in it";
}

TEST(SweepFolder, LeavesWhatBelongsToOthers) {
	const TemporaryFolder shared;
	make(shared / "d");
	spill(shared / "d/f", "x");
	spill(shared / "g", "x");
	const FilesSwept swept = sweep_folder(shared.path(), kNobodyHere, kMe);
	EXPECT_EQ(swept.removed, 0);
	EXPECT_TRUE(swept.left.empty());
	EXPECT_TRUE(is_there(shared / "d/f"));
	EXPECT_TRUE(is_there(shared / "g"));
}

TEST(SweepFolder, NeverFollowsASymlink) {
	const TemporaryFolder elsewhere;
	spill(elsewhere / "precious", "x");
	const TemporaryFolder shared;
	ASSERT_EQ(::symlink(elsewhere.path().c_str(), (shared / "way-out").c_str()), 0);
	EXPECT_EQ(sweep_folder(shared.path(), kMe, kMe).removed, 1);
	EXPECT_TRUE(is_there(elsewhere / "precious"));
	const std::string alias = shared / "alias";
	ASSERT_EQ(::symlink(elsewhere.path().c_str(), alias.c_str()), 0);
	EXPECT_EQ(sweep_folder(alias, kMe, kMe).removed, 0);
	EXPECT_TRUE(is_there(elsewhere / "precious"));
}

TEST(SweepFolder, AMissingFolderIsFine) {
	const FilesSwept swept = sweep_folder("/nonexistent/folder", kMe, kMe);
	EXPECT_EQ(swept.removed, 0);
	EXPECT_TRUE(swept.left.empty());
}

TEST(SweepFolder, NoDepthIsTooDeep) {
	const TemporaryFolder shared;
	constexpr int kDepth = 1000;
	int folder = ::open(shared.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (int i = 0; i < kDepth; ++i) {
		ASSERT_EQ(::mkdirat(folder, "d", 0700), 0);
		const int below = ::openat(folder, "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		::close(folder);
		folder = below;
	}
	::close(folder);
	const FilesSwept swept = sweep_folder(shared.path(), kMe, kMe);
	EXPECT_EQ(swept.removed, kDepth);
	EXPECT_TRUE(swept.left.empty());
	EXPECT_EQ(::rmdir(shared.path().c_str()), 0);
}

TEST(SweepFolder, AFolderWithThingsOfOthersIsGivenAway) {
	if (kMe != 0)
		GTEST_SKIP() << "only root can make files of two owners; `make check` is root";
	const TemporaryFolder shared;
	make(shared / "d", 0777);
	spill(shared / "d/theirs", "x");
	spill(shared / "d/mine", "x");
	ASSERT_EQ(::chown((shared / "d").c_str(), kNobodyHere, kNobodyHere), 0);
	ASSERT_EQ(::chown((shared / "d/mine").c_str(), kNobodyHere, kNobodyHere), 0);
	const FilesSwept swept = sweep_folder(shared.path(), kNobodyHere, kMe);
	EXPECT_EQ(swept.removed, 2);
	EXPECT_TRUE(swept.left.empty());
	EXPECT_TRUE(is_there(shared / "d/theirs"));
	EXPECT_FALSE(is_there(shared / "d/mine"));
	struct stat folder {};
	ASSERT_EQ(::stat((shared / "d").c_str(), &folder), 0);
	EXPECT_EQ(folder.st_uid, kMe);
	EXPECT_EQ(folder.st_mode & 07777, 0755U);
}

TEST(SweepProcesses, AnyOfTheFourUidsOrTheLoginUidMakesItTheAccounts) {
	const auto status = [](const std::string& state, const std::string& uids) {
		return "Name:\tx\nState:\t" + state + "\nPPid:\t1\nUid:\t" + uids + "\nGid:\t997\n";
	};
	const std::string unset = "4294967295";
	const struct {
		std::string status;
		std::string login_uid;
		bool its_own;
	} cases[] = {
		{status("S (sleeping)", "997\t997\t997\t997"), unset, true},
		{status("S (sleeping)", "997\t0\t0\t0"), unset, true},
		{status("S (sleeping)", "0\t0\t997\t0"), unset, true},
		{status("R (running)", "0\t0\t0\t0"), "997", true},
		{status("R (running)", "0\t0\t0\t0"), "997\n", true},
		{status("T (stopped)", "997\t997\t997\t997"), unset, true},
		{status("S (sleeping)", "0\t0\t0\t0"), unset, false},
		{status("S (sleeping)", "9970\t1997\t99\t7"), "99", false},
		{status("Z (zombie)", "997\t997\t997\t997"), "997", false},
		{"", "997", false},    // gone meanwhile
		{"Name:\tx\nGroups:\t997\n", "", false},
	};
	for (const auto& one : cases)
		EXPECT_EQ(is_process_of(one.status, one.login_uid, 997), one.its_own)
			<< one.status << one.login_uid;
}

TEST(SweepProcesses, RootIsNeverSwept) {
	const SweepReport report = sweep_account(plan_sweep("rassist", 0, 0));
	EXPECT_EQ(report.processes + report.files, 0);
	EXPECT_EQ(report.left.size(), 1U);
}

TEST(SweepIpc, FindsTheUidsObjectsByTheColumnsNames) {
	const std::string table = "       key      shmid perms                  size  cpid  lpid "
							  "nattch   uid   gid  cuid  cgid      atime\n"
							  "         0          3   644                  4096    99    99      "
							  "0   997   997   997   997          0\n"
							  "         0          4   644                  4096    99    99      "
							  "0     0     0   997   997          0\n"
							  "       997          5   644                   997   997   997      "
							  "0  1000   997  1000   997          0\n";
	EXPECT_EQ(find_ipc_of(table, "shmid", 997), (std::vector<int>{3, 4}));
	EXPECT_TRUE(find_ipc_of(table, "semid", 997).empty());
	EXPECT_TRUE(find_ipc_of("", "shmid", 997).empty());
}

}    // namespace
}    // namespace rassist::window_unit
