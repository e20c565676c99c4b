// The relay's verbs: devices, staff, windows.
#include "tests/unit/rassist/relay/relay_world.hpp"

#include "common/records/probe.hpp"

#include "common/keys/derive.hpp"
#include "common/keys/digest.hpp"
#include "common/keys/private_key.hpp"
#include "common/system/run.hpp"

#include <sysexits.h>

#include <algorithm>

namespace rassist::cli::test {
namespace {

using Words = std::vector<std::string>;

class CliRelay : public testing::Test {
protected:
	/// The token that was printed.
	[[nodiscard]] Result<Code> token() const {
		const std::string text = world.out.str();
		const std::string before = "Activation token: ";
		return Code::parse(text.substr(text.find(before) + before.size(), 15));
	}
	[[nodiscard]] std::optional<Grant> activation(const std::string& serial) const {
		return find_grant_of(grant_folder_of(Role::activation, world.paths), serial, geteuid())
			.optional();
	}
	[[nodiscard]] std::optional<Device> device(const std::string& serial) const {
		return find_device(world.paths, *Serial::parse(serial), geteuid()).optional();
	}

	RelayWorld world;
};

TEST_F(CliRelay, RegistersADeviceAndPrintsATokenThatIsStoredNowhere) {
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

TEST_F(CliRelay, RegistersADeviceOnce) {
	ASSERT_EQ(world.run({"device", "add", "sn123"}), EX_OK);
	EXPECT_EQ(world.run({"device", "add", "sn123"}), EX_CANTCREAT);
	EXPECT_TRUE(world.complains("rassist device token sn123"));
}

TEST_F(CliRelay, RefusesWhatNoRecordCouldHold) {
	EXPECT_EQ(world.run({"device", "add", "sn123", "--group", "no group"}), EX_OK) << "two groups";
	for (const Words& words : {Words{"device", "add", "sn1", "--group", "-x"},
			 Words{"device", "add", "sn1", "--note", "two\nlines"},
			 Words{"device", "add", "sn1", "--note", std::string(201, 'x')},
			 Words{"device", "add", "sn1", "--token-for", "0"},
			 Words{"device", "add", "sn1", "--token-for", "40d"}})
		EXPECT_EQ(world.run(words), EX_USAGE) << words.back();
	EXPECT_FALSE(device("sn1"));
}

TEST_F(CliRelay, VoidsTheOldTokenByANewOne) {
	ASSERT_EQ(world.run({"device", "add", "sn123"}), EX_OK);
	const auto first = *activation("sn123");
	ASSERT_EQ(world.run({"device", "token", "sn123"}), EX_OK);
	EXPECT_FALSE(world.has_grant(Role::activation, first.key));
	EXPECT_TRUE(activation("sn123"));
	EXPECT_EQ(world.run({"device", "token", "sn9"}), EX_NOINPUT);
	EXPECT_TRUE(world.complains("sn9 is not registered"));
}

TEST_F(CliRelay, BlocksAtOnceAndEndsWhatIsThere) {
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

TEST_F(CliRelay, RemovesADeviceWithItsKeysAndConnections) {
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

TEST_F(CliRelay, ListsDevicesAndPassesOverWhatIsDamaged) {
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

TEST_F(CliRelay, TellsAllAboutOneDevice) {
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

TEST_F(CliRelay, ListsWindowsThatCount) {
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

TEST_F(CliRelay, HasTheDevicesAskedWhetherTheyAnswerByTheAccountThatMay) {
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

TEST(CliNoRelay, SaysThatThisHostIsNone) {
	World world;
	EXPECT_EQ(world.run({"device", "list"}), EX_UNAVAILABLE);
	EXPECT_NE(world.err.str().find("this host is no relay"), std::string::npos);
	EXPECT_EQ(world.run({"device", "add", "sn1"}), EX_UNAVAILABLE);
	EXPECT_NE(world.err.str().find("this host is no relay"), std::string::npos);
}

}    // namespace
}    // namespace rassist::cli::test
