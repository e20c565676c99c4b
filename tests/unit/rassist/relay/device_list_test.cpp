// device list: which devices are listed, and how.
#include "common/admission/group_index.hpp"
#include "tests/unit/rassist/relay/relay_world.hpp"

#include <sysexits.h>
#include <unistd.h>

#include <sstream>

namespace rassist::cli::test {
namespace {

class CliDeviceList : public testing::Test {
protected:
	RelayWorld world;
};

TEST_F(CliDeviceList, ListsDevicesAndPassesOverWhatIsDamaged) {
	EXPECT_EQ(world.run({"device", "list"}), EX_OK);
	EXPECT_TRUE(world.says("No device is registered"));
	EXPECT_EQ(world.run({"device", "list", "--json"}), EX_OK);
	EXPECT_EQ(world.out.str(), "[]\n");
	world.add_device("sn1");
	world.add_device("sn2", true);
	world.add_device("sn3");
	const UniqueFd up = world.tunnel("sn1");
	spill(world.paths.devices() + "/sn3", "garbage");
	ASSERT_EQ(world.run({"device", "list"}), EX_OK);
	EXPECT_EQ(world.out.str(), "SERIAL                ADDRESS          STATE    GROUPS\n"
							   "sn1                   127.64.0.1       open     -\n"
							   "sn2                   127.64.0.2       blocked  -\n");
	EXPECT_TRUE(world.complains("sn3"));
	ASSERT_EQ(world.run({"device", "list", "--json"}), EX_OK);
	const auto json = world.json();
	ASSERT_EQ(json_array_size(json.get()), 2U) << world.out.str();
	EXPECT_EQ(keys_of(json_array_get(json.get(), 0)),
		"serial address blocked tunnel groups published note added");
	EXPECT_TRUE(json_is_true(json_object_get(json_array_get(json.get(), 0), "tunnel")));
	EXPECT_TRUE(json_is_true(json_object_get(json_array_get(json.get(), 1), "blocked")));
}

TEST_F(CliDeviceList, AListIsFilteredByPatternGroupAndState) {
	spill(world.folder / "devices",
		"serial,groups,blocked\na1,gold,\na2,gold,yes\nb1,north,\nb2,,\n");
	ASSERT_EQ(world.run({"device", "import", world.folder / "devices"}), EX_OK);
	const UniqueFd one = world.tunnel("a1");
	const UniqueFd two = world.tunnel("b1");
	const auto listed = [&](std::vector<std::string> words) {
		words.insert(words.begin(), {"device", "list"});
		EXPECT_EQ(world.run(words), EX_OK) << world.err.str();
		std::string serials;
		std::istringstream lines(world.out.str());
		for (std::string line; std::getline(lines, line);)
			if (line.find("127.64") != std::string::npos)
				serials += (serials.empty() ? "" : " ") + line.substr(0, line.find(' '));
		return serials;
	};
	EXPECT_EQ(listed({}), "a1 a2 b1 b2");
	EXPECT_EQ(listed({"a*", "b2"}), "a1 a2 b2");
	EXPECT_EQ(listed({"@gold"}), "a1 a2");
	EXPECT_EQ(listed({"@gold", "b2", "b2"}), "a1 a2 b2");
	EXPECT_EQ(listed({"@gold", "b*"}), "a1 a2 b1 b2");
	EXPECT_EQ(listed({"--state", "open"}), "a1 b1");
	EXPECT_EQ(listed({"--state", "open", "@north"}), "b1");
	EXPECT_EQ(listed({"--state", "blocked"}), "a2");
	EXPECT_EQ(listed({"--state", "closed", "*"}), "b2");
	EXPECT_EQ(listed({"c*"}), "");
	EXPECT_TRUE(world.says("No such device is registered."));
	ASSERT_EQ(unlink((world.paths.groups() + "/" + kWhole).c_str()), 0);
	EXPECT_EQ(listed({"@gold"}), "a1 a2") << "without an index, too";
	EXPECT_EQ(world.run({"device", "list", "--state", "asleep"}), EX_USAGE);
	EXPECT_EQ(world.run({"device", "list", "a/b"}), EX_USAGE);
}

}    // namespace
}    // namespace rassist::cli::test
