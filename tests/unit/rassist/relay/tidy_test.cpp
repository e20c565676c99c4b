#include "tests/unit/rassist/relay/relay_world.hpp"

#include "common/issuing/store_write.hpp"
#include "common/keys/digest.hpp"
#include "common/records/revoked_window.hpp"
#include "common/system/files_write.hpp"
#include "rassist/relay/group_index_write.hpp"

#include <sysexits.h>

#include <sys/file.h>

namespace rassist::cli::test {
namespace {

class CliTidy : public testing::Test {
protected:
	CliTidy() { make(world.paths.taken()); }
	[[nodiscard]] bool pointer(Role role, const std::string& subject) const {
		return is_there(grant_folder_of(role, world.paths).path + "/.subjects/" + subject);
	}
	RelayWorld world;
};

TEST_F(CliTidy, TakesAwayWhatEndedMoreThanADayAgo) {
	constexpr std::int64_t kDay = 24 * 3600;
	world.grant(Role::tunnel, "sn1", sample_key(1), -kDay - 60);
	world.grant(Role::tunnel, "sn2", sample_key(2), -kDay + 60);
	world.grant(Role::tunnel, "sn3", sample_key(3), 60);
	world.grant(Role::activation, "sn4", sample_key(4), -kDay - 60);
	world.grant(Role::identity, "sn1", sample_key(5));
	world.grant(Role::staff, "sam", sample_key(6));
	spill(world.paths.windows() + "/garbage", "garbage");
	ASSERT_EQ(world.run({"tidy"}), EX_OK) << world.err.str();
	EXPECT_TRUE(world.says("Removed 2 expired records")) << world.out.str();
	EXPECT_FALSE(world.has_grant(Role::tunnel, sample_key(1)) || pointer(Role::tunnel, "sn1") ||
				 pointer(Role::tunnel, ".lock.sn1"));
	EXPECT_TRUE(world.has_grant(Role::tunnel, sample_key(2)) && pointer(Role::tunnel, "sn2"));
	EXPECT_TRUE(world.has_grant(Role::tunnel, sample_key(3)) && pointer(Role::tunnel, "sn3"));
	EXPECT_FALSE(
		world.has_grant(Role::activation, sample_key(4)) || pointer(Role::activation, "sn4"));
	EXPECT_TRUE(world.has_grant(Role::identity, sample_key(5)) &&
				world.has_grant(Role::staff, sample_key(6)));
	EXPECT_TRUE(is_there(world.paths.windows() + "/garbage"))
		<< "what is damaged is for its owner to look at";
	EXPECT_EQ(world.run({"tidy"}), EX_OK);
	EXPECT_TRUE(world.says("Removed 0 expired records"));
}

TEST_F(CliTidy, ARevocationGoesWhenNoWindowCanLastThatLong) {
	const std::int64_t clock = read_clocks()->wall;
	if (!is_there(world.paths.revoked()))
		make(world.paths.revoked());
	const auto path = [&](const char* id) { return world.paths.revoked() + "/" + id; };
	const auto revoke = [&](const char* id, std::int64_t expires) {
		spill(path(id), format_revoked_window(
							RevokedWindow{*Id::parse(id), *Serial::parse("sn1"), 1, expires}));
	};
	revoke("0000000001", clock - 90'000);
	revoke("0000000002", clock + 60);
	spill(path("0000000003"), "garbage");
	ASSERT_EQ(world.run({"tidy"}), EX_OK) << world.err.str();
	EXPECT_FALSE(is_there(path("0000000001")));
	EXPECT_TRUE(is_there(path("0000000002")));
	EXPECT_TRUE(is_there(path("0000000003"))) << "a deny that cannot be read denies";
}

TEST_F(CliTidy, ARecordLeftBesideANewerOneOfItsSubjectGoesAlone) {
	world.grant(Role::tunnel, "sn1", sample_key(1), -90000);
	const std::string left =
		world.paths.windows() + "/" + fingerprint_of(sample_key(1)).file_name();
	const std::string text = contents(left);
	world.grant(Role::tunnel, "sn1", sample_key(2), 60);
	spill(left, text);    // a crash between the two
	ASSERT_EQ(world.run({"tidy"}), EX_OK);
	EXPECT_FALSE(is_there(left));
	EXPECT_TRUE(world.has_grant(Role::tunnel, sample_key(2)) && pointer(Role::tunnel, "sn1"));
}

TEST_F(CliTidy, TheEntryOfASubjectGoesWithItsLastGrant) {
	world.grant(Role::activation, "sn1", sample_key(1), 60);
	world.grant(Role::activation, "sn2", sample_key(2), 60);
	ASSERT_TRUE(use_activation(
		grant_folder_of(Role::activation, world.paths), fingerprint_of(sample_key(1)), geteuid()));
	ASSERT_TRUE(pointer(Role::activation, "sn1"));
	ASSERT_EQ(world.run({"tidy"}), EX_OK) << world.err.str();
	EXPECT_TRUE(world.says("Removed 0 expired records and 1 leftover file.")) << world.out.str();
	EXPECT_FALSE(pointer(Role::activation, "sn1") || pointer(Role::activation, ".lock.sn1"));
	EXPECT_TRUE(
		world.has_grant(Role::activation, sample_key(2)) && pointer(Role::activation, "sn2"));
}

TEST_F(CliTidy, TakesAwayNamesOfTunnelsThatAreNotUp) {
	const UniqueFd up = world.tunnel("sn1");
	{ const UniqueFd killed = world.tunnel("sn2"); }
	spill(world.paths.ready() + "/.sn3.new", "");
	ASSERT_EQ(world.run({"tidy"}), EX_OK) << world.err.str();
	EXPECT_TRUE(is_there(world.paths.ready() + "/sn1"));
	EXPECT_FALSE(is_there(world.paths.ready() + "/sn2"));
	EXPECT_TRUE(is_there(world.paths.ready() + "/.sn3.new"))
		<< "somebody may be in the middle of it";
}

TEST_F(CliTidy, FilesThatAWriterLeftBehindGoWhenTheyAreOld) {
	spill(world.paths.identities() + "/.tmp.0123456789abcdef", "");
	ASSERT_EQ(world.run({"tidy"}), EX_OK) << world.err.str();
	EXPECT_TRUE(is_there(world.paths.identities() + "/.tmp.0123456789abcdef"));
	EXPECT_TRUE(world.says("0 leftover files"));
}

TEST_F(CliTidy, TakesAwayTheFoldersOfSessionsThatEndedLongAgo) {
	const std::string folder = world.paths.sessions() + "/identity.sn1";
	make(folder);
	spill(folder + "/.lock", "");
	ASSERT_EQ(world.run({"tidy"}), EX_OK) << world.err.str();
	EXPECT_TRUE(is_there(folder)) << "it may be back in a minute";
	const timespec long_ago[2]{{1'790'000'000, 0}, {1'790'000'000, 0}};
	ASSERT_EQ(utimensat(AT_FDCWD, folder.c_str(), long_ago, 0), 0);
	ASSERT_EQ(world.run({"tidy"}), EX_OK) << world.err.str();
	EXPECT_TRUE(world.says("and 1 leftover file.")) << world.out.str();
	EXPECT_FALSE(is_there(folder));
}

TEST_F(CliTidy, BuildsTheIndexWhereItIsNotWholeOrAskedTo) {
	world.add_device("sn1");
	auto device = *find_device(world.paths, *Serial::parse("sn1"), geteuid());
	device.groups = {*Name::parse("gold")};
	spill(world.paths.devices() + "/sn1", format_device(device));    // by hand
	ASSERT_EQ(world.run({"tidy"}), EX_OK);
	EXPECT_FALSE(is_there(world.paths.groups() + "/gold/sn1"));
	ASSERT_EQ(world.run({"tidy", "--groups"}), EX_OK);
	EXPECT_TRUE(is_there(world.paths.groups() + "/gold/sn1"));
	ASSERT_TRUE(remove_tree(world.paths.groups()));
	ASSERT_EQ(world.run({"tidy"}), EX_OK);
	EXPECT_TRUE(is_there(world.paths.groups() + "/gold/sn1"));
}

TEST(CliNoRelayTidy, SaysThatThisHostIsNone) {
	World world;
	EXPECT_NE(world.run({"tidy"}), EX_OK);
	EXPECT_NE(world.err.str().find("this host is no relay"), std::string::npos);
}

}    // namespace
}    // namespace rassist::cli::test
