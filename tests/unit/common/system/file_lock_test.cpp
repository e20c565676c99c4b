#include "common/system/files.hpp"
#include "common/system/files_write.hpp"
#include "tests/unit/against_lock.hpp"
#include "tests/unit/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <memory>
#include <string>

namespace rassist {
namespace {

using test::TemporaryFolder;

Folder held(const std::string& path) { return *Folder::open(path); }

mode_t mode_of(const std::string& path) {
	struct stat file {};
	EXPECT_EQ(::lstat(path.c_str(), &file), 0);
	return file.st_mode & 07777;
}

TEST(FileLock, IsHeldByOneAndFreedAtItsEnd) {
	const TemporaryFolder temp;
	const Folder folder = held(temp.path());
	{
		const Result<FileLock> first = FileLock::take(folder, ".lock", 0);
		ASSERT_TRUE(first);
		EXPECT_EQ(mode_of(temp / ".lock"), 0600U);
		EXPECT_EQ(FileLock::take(folder, ".lock", 20).error().code, Fault::busy);
	}
	EXPECT_TRUE(FileLock::take(folder, ".lock", 0));
}

TEST(FileLock, RefusesSymlinkAndFifo) {
	const TemporaryFolder temp;
	const Folder folder = held(temp.path());
	ASSERT_EQ(::symlink("elsewhere", (temp / "link").c_str()), 0);
	ASSERT_EQ(::mkfifo((temp / "fifo").c_str(), 0600), 0);
	EXPECT_EQ(FileLock::take(folder, "link", 0).error().code, Fault::untrusted);
	EXPECT_EQ(FileLock::take(folder, "fifo", 0).error().code, Fault::untrusted);
	EXPECT_FALSE(test::is_there(temp / "elsewhere")) << "nothing was made through the link";
}

TEST(FileLock, GivesNothingAwayThatWasThereBefore) {
	if (geteuid() != 0)
		GTEST_SKIP() << "needs root: gives files to another uid";
	const TemporaryFolder temp;
	test::make(temp / "others");
	test::spill(temp / "roots", "", 0600);
	ASSERT_EQ(::chown((temp / "others").c_str(), 65534, 65534), 0);
	ASSERT_EQ(::link((temp / "roots").c_str(), (temp / "others/.lock.S").c_str()), 0);
	const Folder folder = held(temp / "others");
	static_cast<void>(FileLock::take(folder, ".lock.S", 0));
	ASSERT_TRUE(FileLock::take(folder, ".lock.T", 0));
	struct stat file {};
	ASSERT_EQ(::stat((temp / "roots").c_str(), &file), 0);
	EXPECT_EQ(file.st_uid, 0U);
	ASSERT_EQ(::stat((temp / "others/.lock.T").c_str(), &file), 0);
	EXPECT_EQ(file.st_uid, 65534U) << "what is made for the owner is the owner's";
	EXPECT_EQ(file.st_mode & 07777, 0600U);
}

TEST(FileLock, OfAFileThatItsHolderRemovedIsTakenOnTheNewOne) {
	const test::TemporaryFolder temporary;
	const Folder folder = *Folder::open(temporary.path());
	int pipes[2];
	ASSERT_EQ(pipe(pipes), 0);
	// before we lock: it would inherit the descriptor, and the lock with it
	const pid_t waiting = fork();
	if (waiting == 0) {    // opens the old file and waits for its lock
		::prctl(PR_SET_PDEATHSIG, SIGKILL);
		char go = 0;
		static_cast<void>(!read(pipes[0], &go, 1));
		const auto second = FileLock::take(folder, ".lock", 20'000);
		static_cast<void>(!read(pipes[0], &go, 1));
		_exit(second ? 0 : 1);
	}
	auto first = std::make_unique<FileLock>(*FileLock::take(folder, ".lock", 0));
	ASSERT_EQ(write(pipes[1], "x", 1), 1);
	const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
	while (test::descriptors_of(waiting, temporary / ".lock") == 0 &&
		   std::chrono::steady_clock::now() < until)
		usleep(1000);
	ASSERT_TRUE(remove_file(folder, ".lock"));
	first.reset();
	// it comes to hold the lock of the file that has the name now, so nobody else gets it
	while (!test::is_there(temporary / ".lock") && std::chrono::steady_clock::now() < until)
		usleep(1000);
	while (FileLock::take(folder, ".lock", 0) && std::chrono::steady_clock::now() < until)
		usleep(1000);
	EXPECT_EQ(FileLock::take(folder, ".lock", 20).error().code, Fault::busy);
	ASSERT_EQ(write(pipes[1], "x", 1), 1);
	int status = 1;
	ASSERT_EQ(waitpid(waiting, &status, 0), waiting);
	EXPECT_EQ(status, 0);
	close(pipes[0]);
	close(pipes[1]);
}

}    // namespace
}    // namespace rassist
