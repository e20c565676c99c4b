// device add, token, block, unblock, remove; and a host that is no relay.
#include "common/keys/derive.hpp"
#include "common/keys/private_key.hpp"
#include "common/system/run.hpp"
#include "tests/unit/rassist/relay/relay_world.hpp"

#include <sysexits.h>

namespace rassist::cli::test {
namespace {

using Words = std::vector<std::string>;

class CliDevices : public testing::Test {
protected:
	/// The token that was printed.
	[[nodiscard]] Result<Code> token() const {
		const std::string text = world.out.str();
		const std::string before = "Activation token: ";
		return Code::parse(text.substr(text.find(before) + before.size(), 15));
	}
	[[nodiscard]] std::optional<Grant> activation(const std::string& serial) const {
		return there_or_not(
			find_grant_of(grant_folder_of(Role::activation, world.paths), serial, geteuid()));
	}
	[[nodiscard]] std::optional<Device> device(const std::string& serial) const {
		return there_or_not(find_device(world.paths, *Serial::parse(serial), geteuid()));
	}

	RelayWorld world;
};

TEST_F(CliDevices, RegistersADeviceAndPrintsATokenThatIsStoredNowhere) {
	const std::int64_t before = read_clocks()->wall;
	ASSERT_EQ(world.run({"device", "add", "SN123", "--group", "acme,gold", "--group", "north",
				  "--note", "front desk", "--token-for", "2h"}),
		EX_OK)
		<< world.err.str();
	const std::int64_t after = read_clocks()->wall;
	const auto added = device("sn123");
	ASSERT_TRUE(added);
	EXPECT_EQ(added->address, "127.64.0.1");
	EXPECT_EQ(added->note, "front desk");
	EXPECT_EQ(added->groups,
		(std::vector<Name>{*Name::parse("acme"), *Name::parse("gold"), *Name::parse("north")}));
	const auto printed = token();
	ASSERT_TRUE(printed) << world.out.str();
	const auto grant = activation("sn123");
	ASSERT_TRUE(grant);
	EXPECT_EQ(grant->key, derive_activation_key(*printed, *Serial::parse("sn123"))->public_key());
	EXPECT_GE(grant->expires->wall, before + 7200);
	EXPECT_LE(grant->expires->wall, after + 7200);
	const auto grep =
		rassist::run({.argv = {"/usr/bin/grep", "-rFl",
						  std::string(printed->canonical().substr(0, 4)), world.folder.path()},
						 .environment = {}},
			"", std::chrono::seconds(10));
	EXPECT_EQ(grep->out, "");
}

TEST_F(CliDevices, RegistersADeviceOnce) {
	ASSERT_EQ(world.run({"device", "add", "sn123"}), EX_OK);
	EXPECT_EQ(world.run({"device", "add", "sn123"}), EX_CANTCREAT);
	EXPECT_TRUE(world.complains("rassist device token sn123"));
}

TEST_F(CliDevices, RefusesWhatNoRecordCouldHold) {
	EXPECT_EQ(world.run({"device", "add", "sn123", "--group", "no group"}), EX_OK) << "two groups";
	for (const Words& words : {Words{"device", "add", "sn1", "--group", "-x"},
			 Words{"device", "add", "sn1", "--note", "two\nlines"},
			 Words{"device", "add", "sn1", "--note", std::string(201, 'x')},
			 Words{"device", "add", "sn1", "--token-for", "0"},
			 Words{"device", "add", "sn1", "--token-for", "40d"}})
		EXPECT_EQ(world.run(words), EX_USAGE) << words.back();
	EXPECT_FALSE(device("sn1"));
}

TEST_F(CliDevices, VoidsTheOldTokenByANewOne) {
	ASSERT_EQ(world.run({"device", "add", "sn123"}), EX_OK);
	const auto first = *activation("sn123");
	ASSERT_EQ(world.run({"device", "token", "sn123"}), EX_OK);
	EXPECT_FALSE(world.has_grant(Role::activation, first.key));
	EXPECT_TRUE(activation("sn123"));
	EXPECT_EQ(world.run({"device", "token", "sn9"}), EX_NOINPUT);
	EXPECT_TRUE(world.complains("sn9 is not registered"));
}

TEST_F(CliDevices, BlocksAtOnceAndEndsWhatIsThere) {
	world.add_device("sn1");
	world.add_device("sn2");
	const RelayWorld::Service service(world);
	// the enforcer looks at everybody when it starts
	world.grant(Role::tunnel, "sn2", sample_key(2));
	auto one = world.login(Role::tunnel, "sn1", sample_key(1));
	auto two = world.login(Role::tunnel, "sn2", sample_key(2));
	EXPECT_EQ(world.run({"device", "block", "sn1"}), EX_OK) << world.err.str();
	EXPECT_TRUE(world.says("sn1 is blocked; 1 connection cut."));
	EXPECT_TRUE(device("sn1")->blocked);
	EXPECT_FALSE(one.lives());
	EXPECT_TRUE(two.lives());
	EXPECT_EQ(world.run({"device", "block", "sn1"}), EX_OK);
	EXPECT_TRUE(world.says("sn1 was blocked already; 0 connections cut."));
	EXPECT_EQ(world.run({"device", "token", "sn1"}), EX_UNAVAILABLE);
	EXPECT_EQ(world.run({"device", "unblock", "sn1"}), EX_OK);
	EXPECT_FALSE(device("sn1")->blocked);
}

TEST_F(CliDevices, RemovesADeviceWithItsKeysAndConnections) {
	world.add_device("sn1");
	world.add_device("sn2");
	world.grant(Role::identity, "sn1", sample_key(1));
	world.grant(Role::tunnel, "sn1", sample_key(2));
	world.grant(Role::activation, "sn1", sample_key(3));
	world.grant(Role::identity, "sn2", sample_key(4));
	const RelayWorld::Service service(world);
	auto tunnel = world.login(Role::tunnel, "sn1", sample_key(2));
	auto question = world.login(Role::identity, "sn1", sample_key(1));
	EXPECT_EQ(world.run({"device", "remove", "sn1"}), EX_OK) << world.err.str();
	EXPECT_TRUE(world.says("2 connections cut"));
	EXPECT_FALSE(device("sn1"));
	EXPECT_FALSE(world.has_grant(Role::identity, sample_key(1)) ||
				 world.has_grant(Role::tunnel, sample_key(2)) ||
				 world.has_grant(Role::activation, sample_key(3)));
	EXPECT_TRUE(world.has_grant(Role::identity, sample_key(4)));
	EXPECT_FALSE(tunnel.lives() || question.lives());
	EXPECT_EQ(world.run({"device", "remove", "sn1"}), EX_NOINPUT);
}

TEST(CliNoRelay, SaysThatThisHostIsNone) {
	World world;
	EXPECT_EQ(world.run({"device", "list"}), EX_UNAVAILABLE);
	EXPECT_NE(world.err.str().find("this host is no relay"), std::string::npos);
	EXPECT_EQ(world.run({"device", "add", "sn1"}), EX_UNAVAILABLE);
	EXPECT_NE(world.err.str().find("this host is no relay"), std::string::npos);
}

}    // namespace
}    // namespace rassist::cli::test
