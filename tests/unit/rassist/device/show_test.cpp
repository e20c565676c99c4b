// show: what it tells, and to whom.
#include "tests/unit/rassist/device/device_world.hpp"

#include <sysexits.h>

namespace rassist::cli::test {
namespace {

TEST_F(CliDevice, ShowsTheCodeToRootAlone) {
	open(1h);
	EXPECT_EQ(world.run({"show", "--code"}), EX_OK);
	EXPECT_EQ(world.out.str(), code + "\n");
	// another uid that sees the same records
	world.context.user = geteuid() + 1;
	EXPECT_EQ(world.run({"show"}), EX_OK) << world.err.str();
	EXPECT_FALSE(says(code));
	EXPECT_TRUE(says("sudo rassist show"));
	EXPECT_EQ(world.run({"show", "--json"}), EX_OK);
	const auto json = world.json();
	ASSERT_NE(json, nullptr);
	EXPECT_TRUE(json_is_null(json_object_get(json.get(), "code")));
}

TEST_F(CliDevice, ShowsNothingOfAClosedWindow) {
	for (const Words& words : {Words{"show"}, Words{"show", "--json"}, Words{"show", "--code"}}) {
		EXPECT_EQ(world.run(words), 3);
		EXPECT_EQ(world.out.str(), "");
	}
}

TEST_F(CliDevice, PrintsShowAsJson) {
	open(1h);
	ASSERT_EQ(world.run({"show", "--json"}), EX_OK);
	const auto json = world.json();
	ASSERT_NE(json, nullptr) << world.out.str();
	EXPECT_EQ(
		keys_of(json.get()), "serial window until left host_key login_key code ssh published");
	EXPECT_EQ(json_string_value(json_object_get(json.get(), "code")), code);
	EXPECT_EQ(json_string_value(json_object_get(json.get(), "host_key")), host_key);
}

}    // namespace
}    // namespace rassist::cli::test
