// setup relay: what becomes of the one shared file that rassist edits.
#include "tests/unit/rassist/frame/cli_world.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

namespace rassist::cli::test {
namespace {

TEST(CliSetupRelay, KeepsModeAndSaysTheHostKey) {
	World world;
	const std::string before = "passwd: files\nhosts: files dns\n";
	spill(world.context.nsswitch, before, 0640);
	EXPECT_EQ(world.run({"setup", "relay"}), EX_OK) << world.err.str();
	EXPECT_EQ(contents(world.context.nsswitch),
		"passwd: files\nhosts: files rassist [NOTFOUND=return] dns\n");
	EXPECT_NE(
		world.out.str().find("rassist-relay.service starts for the first time"), std::string::npos);
	struct stat file {};
	ASSERT_EQ(stat(world.context.nsswitch.c_str(), &file), 0);
	EXPECT_EQ(file.st_mode & 07777, 0640U);

	const std::string key =
		"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFk0Vn0TnUgqLxn7E6JGpQvpvuKbz5XFf0cXQ2yU0Zq3";
	spill(world.paths.state + "/relay_host_ed25519_key.pub", key + " root@relay\n");
	EXPECT_EQ(world.run({"setup", "relay"}), EX_OK);
	EXPECT_NE(world.out.str().find("in the hosts line already"), std::string::npos);
	EXPECT_NE(world.out.str().find("rassist setup device RELAY:443,2222 --host-key '" + key + "'"),
		std::string::npos);

	EXPECT_EQ(world.run({"setup", "relay", "--undo"}), EX_OK);
	EXPECT_EQ(contents(world.context.nsswitch), before);
	EXPECT_EQ(world.run({"setup", "relay", "--undo"}), EX_OK);
	EXPECT_EQ(contents(world.context.nsswitch), before);
}

TEST(CliSetupRelay, EditsTheFileBehindALinkAndLeavesTheLink) {
	World world;
	const std::string real = world.folder / "authselect";
	spill(real, "hosts: files dns\n");
	ASSERT_EQ(symlink(real.c_str(), world.context.nsswitch.c_str()), 0);
	EXPECT_EQ(world.run({"setup", "relay"}), EX_OK);
	EXPECT_EQ(contents(real), "hosts: files rassist [NOTFOUND=return] dns\n");
	struct stat link {};
	ASSERT_EQ(lstat(world.context.nsswitch.c_str(), &link), 0);
	EXPECT_TRUE(S_ISLNK(link.st_mode));
	EXPECT_NE(world.err.str().find("authselect create-profile"), std::string::npos);
}

TEST(CliSetupRelay, LeavesAFileWithoutAHostsLineAlone) {
	World world;
	spill(world.context.nsswitch, "passwd: files\n");
	EXPECT_EQ(world.run({"setup", "relay"}), EX_NOINPUT);
	EXPECT_NE(world.err.str().find("hosts: files dns"), std::string::npos);
	EXPECT_EQ(contents(world.context.nsswitch), "passwd: files\n");
}

}    // namespace
}    // namespace rassist::cli::test
