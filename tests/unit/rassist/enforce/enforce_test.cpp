// sessions --enforce: what must not be is ended, what may be is left, and what is too young is
// waited for.
#include "common/keys/digest.hpp"
#include "rassist/enforce/enforce.hpp"
#include "rassist/enforce/judge.hpp"
#include "tests/unit/rassist/relay/relay_world.hpp"

#include <sysexits.h>

namespace rassist::cli::test {
namespace {

TEST(CliSpool, ReadsItsOwnNamesOnly) {
	const auto staff = parse_spool_entry("staff.sam.w.7");
	ASSERT_TRUE(staff);
	EXPECT_EQ(staff->role, Role::staff);
	EXPECT_EQ(staff->subject, "sam.w");
	EXPECT_EQ(staff->number, 7);
	for (const std::string_view name : {"", "tunnel", "tunnel.sn1", "tunnel..1", "tunnel.sn1.",
			 "tunnel.sn1.x", "tunnel.sn1.-1", "nobody.sn1.1", ".sn1.1"})
		EXPECT_FALSE(parse_spool_entry(name)) << name;
}

class CliEnforce : public testing::Test {
protected:
	CliEnforce() {
		world.context.terminal = true;
		world.add_device("sn1");
		world.grant(Role::tunnel, "sn1", sample_key(1));
	}
	RelayWorld world;
};

TEST_F(CliEnforce, EndsATunnelThatNeverBecameReady) {
	auto login = world.login(Role::tunnel, "sn1", sample_key(1), 20);
	world.spool(login.entry());
	EXPECT_EQ(world.run({"sessions", "--enforce"}), EX_OK) << world.err.str();
	EXPECT_FALSE(login.lives());
	EXPECT_TRUE(world.says("cut tunnel session 1 of sn1: it has carried nothing"))
		<< world.out.str();
	EXPECT_EQ(world.spooled(), 0U);
	EXPECT_TRUE(list_live_sessions(world.paths)->sessions.empty());
}

TEST_F(CliEnforce, LeavesAReadyTunnelAndTakesTheEntryAway) {
	const UniqueFd up = world.tunnel("sn1");
	auto login = world.login(Role::tunnel, "sn1", sample_key(1), 20);
	world.spool(login.entry());
	EXPECT_EQ(world.run({"sessions", "--enforce"}), EX_OK);
	EXPECT_TRUE(login.lives());
	EXPECT_EQ(world.spooled(), 0U);
}

TEST_F(CliEnforce, WaitsForAYoungOneAndThenEndsIt) {
	auto login = world.login(Role::tunnel, "sn1", sample_key(1), 9);
	world.spool(login.entry());
	EXPECT_EQ(world.run({"sessions", "--enforce"}), EX_OK);
	EXPECT_GE(read_clocks()->wall, login.session.since + login_time_of(Role::tunnel).count())
		<< "not before its time";
	EXPECT_FALSE(login.lives());
}

TEST_F(CliEnforce, GoesOnPastASubjectWhoseFolderIsNotBelieved) {
	world.add_device("sn2");
	world.grant(Role::tunnel, "sn2", sample_key(2));
	auto login = world.login(Role::tunnel, "sn1", sample_key(1), 20);
	auto damaged = world.login(Role::tunnel, "sn2", sample_key(2), 20);
	ASSERT_EQ(chmod((world.paths.sessions() + "/tunnel.sn2").c_str(), 0777), 0);
	world.spool(damaged.entry());
	EXPECT_EQ(world.run({"sessions", "--enforce"}), EX_OK) << world.err.str();
	EXPECT_FALSE(login.lives());
	EXPECT_TRUE(damaged.lives());
	EXPECT_EQ(world.spooled(), 0U);
}

TEST_F(CliEnforce, LooksAgainAtOnceAtOneThatIsWaitedFor) {
	world.add_device("sn0");
	world.grant(Role::tunnel, "sn0", sample_key(2));
	const RelayWorld::Service service(world);
	// both have ten seconds to go, and the first one that is seen goes first
	auto elder = world.login(Role::tunnel, "sn0", sample_key(2));
	auto young = world.login(Role::tunnel, "sn1", sample_key(1));
	world.spool(elder.entry());
	world.spool(young.entry());
	world.spool("tunnel.sn2.1");    // nobody's: once it has gone, those before it were looked at
	const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
	while (world.spooled() > 2 && std::chrono::steady_clock::now() < until)
		usleep(1000);
	ASSERT_EQ(world.run({"device", "block", "sn1"}), EX_OK) << world.err.str();
	EXPECT_FALSE(young.lives());
	EXPECT_TRUE(elder.lives()) << "it did not have to wait for its time";
}

TEST_F(CliEnforce, TheEntryForEverybodyIsWorkedOffToo) {
	auto bad = world.login(Role::staff, "kim", sample_key(6), 20);
	world.spool("all");
	EXPECT_EQ(world.run({"sessions", "--enforce"}), EX_OK);
	EXPECT_FALSE(bad.lives());
	EXPECT_EQ(world.spooled(), 0U);
}

TEST_F(CliEnforce, EverybodyIsLookedAtAgainWhereThatIsAskedForInTheMiddle) {
	world.grant(Role::staff, "sam", sample_key(5));
	// keeps it at work for two seconds
	auto young = world.login(Role::tunnel, "sn1", sample_key(1), 8);
	auto sam = world.login(Role::staff, "sam", sample_key(5), 20);
	const RelayWorld::Service service(world);
	world.spool(young.entry());
	ASSERT_TRUE(remove_grant(
		grant_folder_of(Role::staff, world.paths), fingerprint_of(sample_key(5)), geteuid()));
	world.spool("all");
	EXPECT_TRUE(sam.process.wait(std::chrono::seconds(20)));
}

TEST_F(CliEnforce, IsContentWithOneThatIsGone) {
	world.spool("tunnel.sn1.77");
	world.spool("tunnel.never-heard-of.1");
	EXPECT_EQ(world.run({"sessions", "--enforce"}), EX_OK);
	EXPECT_EQ(world.spooled(), 0U);
}

TEST_F(CliEnforce, JudgesEverybody) {
	world.grant(Role::staff, "sam", sample_key(5));
	const UniqueFd up = world.tunnel("sn1");
	auto good = world.login(Role::tunnel, "sn1", sample_key(1), 20);
	auto bad = world.login(Role::tunnel, "sn9", sample_key(9), 20);
	auto sam = world.login(Role::staff, "sam", sample_key(5), 20);
	auto gone = world.login(Role::staff, "kim", sample_key(6), 20);
	world.spool(good.entry());
	EXPECT_EQ(world.run({"sessions", "--enforce"}), EX_OK);
	EXPECT_TRUE(good.lives() && sam.lives());
	EXPECT_FALSE(bad.lives() || gone.lives());
}

TEST_F(CliEnforce, TakesGarbageOutOfTheSpoolAndSaysSo) {
	world.spool("garbage");
	EXPECT_EQ(world.run({"sessions", "--enforce"}), EX_OK);
	EXPECT_TRUE(world.complains("\"garbage\""));
	EXPECT_EQ(world.spooled(), 0U);
}

TEST_F(CliEnforce, BelievesNoSpoolThatOthersMayWrite) {
	auto login = world.login(Role::tunnel, "sn1", sample_key(1), 20);
	world.spool(login.entry());
	ASSERT_EQ(chmod(world.paths.enforce().c_str(), 0777), 0);
	EXPECT_EQ(world.run({"sessions", "--enforce"}), EX_CONFIG);
	EXPECT_TRUE(login.lives());
}

}    // namespace
}    // namespace rassist::cli::test
