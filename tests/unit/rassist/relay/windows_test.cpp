// windows: which are listed, and how their devices are asked.
#include "common/records/probe.hpp"
#include "tests/unit/rassist/relay/relay_world.hpp"

#include <sysexits.h>

#include <algorithm>

namespace rassist::cli::test {
namespace {

class CliWindows : public testing::Test {
protected:
	RelayWorld world;
};

TEST_F(CliWindows, ListsWindowsThatCount) {
	EXPECT_EQ(world.run({"windows"}), EX_OK);
	EXPECT_TRUE(world.says("No window is open."));
	for (const int which : {1, 3, 4}) {
		world.add_device("sn" + std::to_string(which), which == 3);
		world.grant(
			Role::tunnel, "sn" + std::to_string(which), sample_key(which), which == 4 ? -1 : 3600);
	}
	world.grant(Role::tunnel, "unregistered", sample_key(5));
	world.grant(Role::tunnel, "sn5", sample_key(6));
	world.add_device("sn5");
	std::vector<UniqueFd> up;
	for (const std::string serial : {"sn1", "sn3", "sn4", "unregistered"})
		up.push_back(world.tunnel(serial));
	ASSERT_EQ(world.run({"windows", "--json"}), EX_OK);
	const auto json = world.json();
	ASSERT_EQ(json_array_size(json.get()), 1U) << world.out.str();
	EXPECT_EQ(keys_of(json_array_get(json.get(), 0)), "serial address until left window probe");
	EXPECT_EQ(json_string_value(json_object_get(json_array_get(json.get(), 0), "serial")),
		std::string("sn1"));
	EXPECT_EQ(world.run({"windows"}), EX_OK);
	EXPECT_TRUE(world.says("sn1     127.64.0.1  ")) << world.out.str();
	EXPECT_FALSE(
		world.says("sn3") || world.says("sn4") || world.says("sn5") || world.says("unregistered"));
	EXPECT_EQ(world.run({"windows", "other*"}), EX_OK);
	EXPECT_TRUE(world.says("No window of that kind is open."));
}

TEST_F(CliWindows, HasTheDevicesAskedWhetherTheyAnswerByTheAccountThatMay) {
	make(world.paths.probes());
	world.add_device("sn1");
	world.grant(Role::tunnel, "sn1", sample_key(1));
	const UniqueFd up = world.tunnel("sn1");
	const std::int64_t second = read_clocks()->wall;
	world.program = [&](const auto&, auto) {
		spill(world.paths.probes() + "/sn1",
			format_probe({ProbeResult::no_answer, second, std::chrono::milliseconds(2000)}));
		return Finished{};
	};
	EXPECT_EQ(world.run({"windows"}), EX_OK);
	EXPECT_TRUE(world.says("no answer, ")) << world.out.str();
	ASSERT_EQ(world.ran.size(), 1U);
	EXPECT_EQ(world.ran[0].front(), "/usr/bin/setpriv");
	EXPECT_NE(std::find(world.ran[0].begin(), world.ran[0].end(), "--reuid=rassist-support"),
		world.ran[0].end());
	EXPECT_EQ(world.ran[0].back(), world.paths.libexec + "/probe");
	EXPECT_EQ(world.inputs[0], "sn1\n");
	world.program = [](const auto&, auto) { return Finished{EX_UNAVAILABLE, "", ""}; };
	EXPECT_EQ(world.run({"windows", "sn*"}), EX_OK);
	EXPECT_TRUE(world.complains("too many to be asked at once")) << world.err.str();
	EXPECT_TRUE(world.says("no answer, ")) << "what is known is shown";
}

}    // namespace
}    // namespace rassist::cli::test
