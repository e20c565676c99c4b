// What cannot be pinned, whichever side it is for.
#include "tests/unit/rassist/frame/cli_world.hpp"

#include <gtest/gtest.h>

#include <sysexits.h>

namespace rassist::cli::test {
namespace {

using Words = std::vector<std::string>;

const std::string kHostKey =
	"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFk0Vn0TnUgqLxn7E6JGpQvpvuKbz5XFf0cXQ2yU0Zq3";

TEST(CliSetupPins, RefusesWhatCannotBePinned) {
	World world;
	spill(world.folder / "private", "-----BEGIN OPENSSH PRIVATE KEY-----\n");
	spill(world.folder / "two", kHostKey + "\n" + kHostKey + "\n");
	const std::vector<std::pair<Words, std::string_view>> cases{
		{{}, "the relay is missing"},
		{{"relay.example.com"}, "--host-key is missing"},
		{{"relay.example.com:0", "--host-key", kHostKey}, "usage:"},
		{{"-o", "--host-key", kHostKey}, "unknown option"},
		{{"relay.example.com", "--host-key", "ssh-ed25519 AAAA"}, "--host-key"},
		{{"relay.example.com", "--host-key", world.folder / "missing"}, "No such file"},
		{{"relay.example.com", "--host-key", world.folder / "private"}, "is a private key"},
		{{"relay.example.com", "--host-key", world.folder / "two"}, "more than one key"},
	};
	for (const std::string side : {"device", "support"}) {
		for (const auto& [words, says] : cases) {
			Words all{"setup", side};
			all.insert(all.end(), words.begin(), words.end());
			EXPECT_EQ(world.run(all), EX_USAGE) << says;
			EXPECT_NE(world.err.str().find(says), std::string::npos) << world.err.str();
		}
	}
	EXPECT_FALSE(is_there(world.paths.relay_pins()));
}

}    // namespace
}    // namespace rassist::cli::test
