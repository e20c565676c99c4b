// setup support: what support's ssh makes of the files.
#include "common/system/run.hpp"
#include "tests/unit/rassist/frame/cli_world.hpp"

#include <gtest/gtest.h>

#include <sysexits.h>

namespace rassist::cli::test {
namespace {

using namespace std::chrono_literals;
using Words = std::vector<std::string>;

const std::string kHostKey =
	"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFk0Vn0TnUgqLxn7E6JGpQvpvuKbz5XFf0cXQ2yU0Zq3";

TEST(CliSetupSupport, WritesWhatSshReadsForBothWays) {
	World world;
	ASSERT_EQ(
		world.run({"setup", "support", "relay.example.com:2222", "--host-key", kHostKey}), EX_OK)
		<< world.err.str();
	const auto effective = [&](const Words& words) {
		Words argv{"/usr/bin/ssh", "-G", "-F", world.folder / "relay_ssh.conf"};
		argv.insert(argv.end(), words.begin(), words.end());
		return "\n" + rassist::run({.argv = argv, .environment = {"PATH=/usr/bin"}}, "", 10s)->out;
	};
	const std::string pins = "\nuserknownhostsfile " + world.paths.etc + "/support_known_hosts\n";
	for (const Words& words :
		{Words{"rassist-relay"}, Words{"-p", "2222", "rassist-support@relay.example.com"}}) {
		const std::string config = effective(words);
		for (const std::string& line : {pins, std::string("\nhostname relay.example.com\n"),
				 std::string("\nport 2222\n"), std::string("\nuser rassist-support\n"),
				 std::string("\nstricthostkeychecking true\n"),
				 std::string("\nhostkeyalias relay.example.com\n"),
				 std::string("\nforwardagent no\n")})
			EXPECT_NE(config.find(line), std::string::npos) << line << config;
	}
	// somebody's own login to the relay's own sshd is none of ours
	EXPECT_EQ(effective({"admin@relay.example.com"}).find(pins), std::string::npos);
	EXPECT_EQ(
		contents(world.paths.etc + "/support_known_hosts"), "relay.example.com " + kHostKey + "\n");
	EXPECT_EQ(world.run({"setup", "support", "--undo"}), EX_OK);
	EXPECT_FALSE(is_there(world.folder / "relay_ssh.conf"));
}

}    // namespace
}    // namespace rassist::cli::test
