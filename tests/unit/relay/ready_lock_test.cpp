// The lock by which the relay's programs see that a tunnel is up.
#include "relay/ready_lock.hpp"

#include "common/records/registry.hpp"
#include "common/system/files_write.hpp"
#include "tests/unit/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <optional>

namespace rassist::hold {
namespace {

class ReadyFile : public testing::Test {
protected:
	ReadyFile() { test::make(paths.ready()); }
	[[nodiscard]] bool up() const { return is_tunnel_up(paths, serial); }
	[[nodiscard]] bool named() const { return test::is_there(paths.ready() + "/sn1"); }

	const test::TemporaryFolder folder;
	const Paths paths{.state = folder.path(), .run = folder.path()};
	const Serial serial = *Serial::parse("sn1");
};

TEST_F(ReadyFile, TellsThatTheTunnelIsUpForAsLongAsItIsHeld) {
	EXPECT_FALSE(up());
	{
		const Result<ReadyLock> ready = ReadyLock::take(paths, serial);
		ASSERT_TRUE(ready) << ready.error().what;
		EXPECT_TRUE(up());
		EXPECT_TRUE(ready->is_ours());
		struct stat status {};
		ASSERT_EQ(::lstat((paths.ready() + "/sn1").c_str(), &status), 0);
		EXPECT_EQ(status.st_mode & 07777U, 0644U);
	}
	EXPECT_FALSE(up());
	EXPECT_FALSE(named());
}

TEST_F(ReadyFile, TheNewestHoldsItAtOnceAndAFormerOneRemovesNothing) {
	std::optional<ReadyLock> former(*ReadyLock::take(paths, serial));
	const Result<ReadyLock> newest = ReadyLock::take(paths, serial);
	ASSERT_TRUE(newest) << newest.error().what;
	EXPECT_TRUE(newest->is_ours());
	EXPECT_FALSE(former->is_ours());
	former.reset();
	EXPECT_TRUE(newest->is_ours());
	EXPECT_TRUE(up());
}

TEST_F(ReadyFile, AFileThatWasLeftBehindSaysNothingAndIsNoHindrance) {
	test::spill(paths.ready() + "/sn1", "");
	test::spill(paths.ready() + "/.sn1.new", "");
	EXPECT_FALSE(up());
	EXPECT_TRUE(ReadyLock::take(paths, serial));
	EXPECT_FALSE(named());
}

TEST_F(ReadyFile, WithoutItsFolderThereIsNone) {
	ASSERT_TRUE(remove_tree(paths.ready()));
	EXPECT_FALSE(ReadyLock::take(paths, serial));
}

}    // namespace
}    // namespace rassist::hold
