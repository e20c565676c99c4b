// setup device: what the device learns of its relay.
#include "common/base/parse_network.hpp"
#include "common/records/config.hpp"
#include "tests/unit/rassist/frame/cli_world.hpp"

#include <gtest/gtest.h>

#include <sysexits.h>

namespace rassist::cli::test {
namespace {

const std::string kHostKey =
	"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFk0Vn0TnUgqLxn7E6JGpQvpvuKbz5XFf0cXQ2yU0Zq3";

TEST(CliSetupDevice, NamesTheRelayAndPinsItsKey) {
	World world;
	spill(world.paths.config(), "");
	ASSERT_EQ(world.run({"setup", "device", "relay.example.com:443,2222", "--host-key",
				  kHostKey + " comment"}),
		EX_OK)
		<< world.err.str();
	EXPECT_EQ(contents(world.paths.relay_pins()), "relay.example.com " + kHostKey + "\n");
	const auto config = load_config(world.paths, geteuid());
	ASSERT_TRUE(config) << config.error().what;
	EXPECT_EQ(config->relays, (std::vector<RelayAddress>{{"relay.example.com", {443, 2222}}}));
	ASSERT_EQ(world.run({"setup", "device", "--undo"}), EX_OK);
	EXPECT_FALSE(is_there(world.paths.relay_pins()));
	EXPECT_TRUE(load_config(world.paths, geteuid())->relays.empty());
	EXPECT_EQ(world.run({"setup", "device", "--undo"}), EX_OK);
	EXPECT_NE(world.out.str().find("nothing to undo"), std::string::npos);
}

TEST(CliSetupDevice, WritesAnIpv6RelayAsTheConfigReadsIt) {
	World world;
	spill(world.paths.config(), "");
	ASSERT_EQ(world.run({"setup", "device", "[2001:db8::10]:443", "--host-key", kHostKey}), EX_OK)
		<< world.err.str();
	EXPECT_EQ(load_config(world.paths, geteuid())->relays,
		(std::vector<RelayAddress>{{"2001:db8::10", {443}}}));
}

}    // namespace
}    // namespace rassist::cli::test
