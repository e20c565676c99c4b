// device set: its groups, and who is cut where it leaves one.
#include "common/records/registry.hpp"
#include "tests/unit/rassist/relay/relay_world.hpp"

#include <sysexits.h>

namespace rassist::cli::test {
namespace {

class CliDeviceSet : public testing::Test {
protected:
	CliDeviceSet() { world.add_device("sn1"); }
	RelayWorld world;
};

TEST_F(CliDeviceSet, WhoReachedADeviceByAGroupThatItLeavesIsCut) {
	world.grant(Role::staff, "sam", sample_key(1));
	ASSERT_EQ(
		world.run({"device", "set", "sn1", "--join", "gold,north", "--note", "front desk"}), EX_OK)
		<< world.err.str();
	EXPECT_TRUE(world.says("sn1 is in the groups gold north.")) << world.out.str();
	const RelayWorld::Service service(world);
	auto gold = world.login(Role::staff, "sam", sample_key(1), 0, {*Scope::parse("@gold")});
	auto north = world.login(Role::staff, "sam", sample_key(1), 0, {*Scope::parse("@north")});
	auto all = world.login(Role::staff, "sam", sample_key(1), 0, {*Scope::parse("*")});
	ASSERT_EQ(
		world.run({"device", "set", "sn1", "--join", "south", "--leave", "gold,never"}), EX_OK)
		<< world.err.str();
	EXPECT_TRUE(world.says("in the groups north south.") && world.says("1 session ended"))
		<< world.out.str();
	EXPECT_FALSE(gold.lives());
	EXPECT_TRUE(north.lives() && all.lives());
	const auto device = find_device(world.paths, *Serial::parse("sn1"), geteuid());
	EXPECT_EQ(device->note, "front desk");
	auto later = world.login(Role::staff, "sam", sample_key(1), 0, {*Scope::parse("@gold")});
	world.spool(later.entry());
	EXPECT_EQ(world.run({"sessions", "--enforce"}), EX_OK);
	EXPECT_TRUE(later.lives()) << "it never reached the device";
}

TEST_F(CliDeviceSet, RefusesToSetNothingOrForADeviceThatIsNotThere) {
	EXPECT_EQ(world.run({"device", "set", "sn1"}), EX_USAGE);
	EXPECT_EQ(world.run({"device", "set", "sn1", "--join", "-x"}), EX_USAGE);
	EXPECT_EQ(world.run({"device", "set", "sn1", "--note", "two\nlines"}), EX_USAGE);
	EXPECT_EQ(world.run({"device", "set", "sn9", "--join", "gold"}), EX_NOINPUT);
}

}    // namespace
}    // namespace rassist::cli::test
