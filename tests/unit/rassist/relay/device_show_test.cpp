// device show: all that the relay knows of one device.
#include "tests/unit/rassist/relay/relay_world.hpp"

#include <sysexits.h>

namespace rassist::cli::test {
namespace {

class CliDeviceShow : public testing::Test {
protected:
	RelayWorld world;
};

TEST_F(CliDeviceShow, TellsAllAboutOneDevice) {
	world.add_device("sn1");
	EXPECT_EQ(world.run({"device", "show", "sn1"}), EX_OK);
	EXPECT_TRUE(world.says("Identity     none"));
	EXPECT_TRUE(world.says("Window       none"));
	world.grant(Role::identity, "sn1", sample_key(1));
	world.grant(Role::tunnel, "sn1", sample_key(2));
	world.grant(Role::activation, "sn1", sample_key(3), -1);
	const UniqueFd up = world.tunnel("sn1");
	auto login = world.login(Role::tunnel, "sn1", sample_key(2));
	EXPECT_EQ(world.run({"device", "show", "sn1"}), EX_OK);
	EXPECT_TRUE(world.says("Window       open, until ")) << world.out.str();
	EXPECT_TRUE(world.says("Token        none")) << "one past its end is none";
	EXPECT_TRUE(world.says("Tunnel       up"));
	EXPECT_TRUE(world.says(fingerprint_of(sample_key(1)).str()));
	ASSERT_EQ(world.run({"device", "show", "sn1", "--json"}), EX_OK);
	const auto json = world.json();
	EXPECT_EQ(keys_of(json.get()),
		"serial address blocked tunnel groups published note added identity "
		"activation_until window_until window twin places sessions");
	EXPECT_EQ(json_array_size(json_object_get(json.get(), "sessions")), 1U);
	EXPECT_TRUE(json_is_null(json_object_get(json.get(), "activation_until")));
	EXPECT_EQ(world.run({"device", "show", "sn9"}), EX_NOINPUT);
}

}    // namespace
}    // namespace rassist::cli::test
