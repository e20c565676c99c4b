// sessions --enforce: what must not be is ended, what may be is left, what is too young is waited
// for.
#include "common/base/parse_network.hpp"
#include "common/keys/digest.hpp"
#include "common/records/revoked_window.hpp"
#include "common/sessions/narrowing_mark.hpp"
#include "rassist/enforce/enforce.hpp"
#include "rassist/relay/relay.hpp"
#include "tests/unit/rassist/relay/relay_world.hpp"

#include <sysexits.h>

namespace rassist::cli::test {
namespace {

using Is = SessionVerdict::Is;
const Id kWindow = *Id::parse("0123456789");    // of RelayWorld's grants

struct Case {
	std::string_view name;
	Role role;
	bool registered, blocked, granted, expired, ready, grown, newest;
	Is is;
	std::string_view why;
};

TEST(CliJudge, SaysWhatTheRecordsSay) {
	const std::vector<Case> cases{
		{"ready", Role::tunnel, true, false, true, false, true, true, true, Is::fine, ""},
		{"young, and the one before it is ready", Role::tunnel, true, false, true, false, true,
			false, true, Is::wait, ""},
		{"young", Role::tunnel, true, false, true, false, false, false, true, Is::wait, ""},
		{"never ready", Role::tunnel, true, false, true, false, false, true, true, Is::over,
			"carried nothing"},
		{"another is ready", Role::tunnel, true, false, true, false, true, true, false, Is::over,
			"a later tunnel"},
		{"another is young", Role::tunnel, true, false, true, false, true, false, false, Is::wait,
			""},
		{"unregistered", Role::tunnel, false, false, true, false, true, false, true, Is::over,
			"not registered"},
		{"blocked", Role::tunnel, true, true, true, false, true, false, true, Is::over, "blocked"},
		{"grant gone", Role::tunnel, true, false, false, false, true, false, true, Is::over,
			"no longer open"},
		{"grant expired", Role::tunnel, true, false, true, true, true, false, true, Is::over,
			"has expired"},
		{"staff", Role::staff, false, false, true, false, false, true, false, Is::fine, ""},
		{"staff removed", Role::staff, false, false, false, false, false, false, true, Is::over,
			"no longer accepted"},
		{"question", Role::identity, true, false, true, false, false, false, true, Is::wait, ""},
		{"question of a blocked", Role::identity, true, true, true, false, false, false, true,
			Is::wait, ""},
		{"question without end", Role::identity, true, false, true, false, false, true, true,
			Is::over, "longer than an enrolment takes"},
		{"token being used", Role::activation, true, false, false, false, false, false, true,
			Is::wait, ""},
		{"support's login on a device", Role::assist, false, false, false, false, false, true, true,
			Is::fine, ""},
	};
	for (const Case& one : cases) {
		RelayWorld world;
		if (one.registered)
			world.add_device("sn1", one.blocked);
		if (one.granted)
			world.grant(one.role, "sn1", sample_key(1), one.expired ? -1 : 3600);
		const UniqueFd up = one.ready ? world.tunnel("sn1") : UniqueFd();
		const Session session{.role = one.role,
			.subject = "sn1",
			.key = fingerprint_of(sample_key(1)).str(),
			.from = "",
			.window = kWindow};
		const SessionVerdict verdict =
			judge(world.context, session, one.grown, one.newest, *read_clocks());
		EXPECT_EQ(verdict.is, one.is) << one.name << ": " << verdict.why;
		EXPECT_NE(verdict.why.find(one.why), std::string::npos) << one.name << ": " << verdict.why;
	}
}

TEST(CliJudge, BelievesNoRecordOfAnother) {
	RelayWorld world;
	world.add_device("sn1");
	world.grant(Role::tunnel, "sn2", sample_key(1));
	const UniqueFd up = world.tunnel("sn1");
	Session session{.role = Role::tunnel,
		.subject = "sn1",
		.key = fingerprint_of(sample_key(1)).str(),
		.from = "",
		.window = kWindow};
	EXPECT_EQ(judge(world.context, session, false, true, *read_clocks()).why,
		"its window is no longer open here");
	world.grant(Role::staff, "sam", sample_key(2));
	session.role = Role::staff;
	session.subject = "pat";
	session.key = fingerprint_of(sample_key(2)).str();
	EXPECT_EQ(judge(world.context, session, false, true, *read_clocks()).why,
		"its key belongs to somebody else now");
	session.key = "typed code";
	EXPECT_EQ(judge(world.context, session, false, true, *read_clocks()).is, Is::over);
}

TEST(CliJudge, ATunnelLivesByItsWindowNotByItsKey) {
	RelayWorld world;
	world.add_device("sn1");
	world.grant(Role::tunnel, "sn1", sample_key(2));    // enrolled again, with another key
	const UniqueFd up = world.tunnel("sn1");
	Session session{.role = Role::tunnel,
		.subject = "sn1",
		.key = fingerprint_of(sample_key(1)).str(),
		.from = "",
		.window = kWindow};
	EXPECT_EQ(judge(world.context, session, true, true, *read_clocks()).is, Is::fine);
	session.window = *Id::parse("1111111111");
	EXPECT_EQ(judge(world.context, session, true, true, *read_clocks()).why,
		"another window of the device has been opened");
}

TEST(CliJudge, SaysWhatAPersonsSessionStillMay) {
	struct Row {
		std::string_view name;
		std::string_view config, own, from;
		std::string_view then, now;
		std::string_view narrowed;    // name of a mark of this moment; "" for none
		std::string_view why;         // "" for fine
	};
	const std::string key = fingerprint_of(sample_key(1)).file_name();
	const std::vector<Row> rows{
		{"as it was", "any", "0.0.0.0/0", "203.0.113.50 1", "sn*", "sn*", "", ""},
		{"more", "any", "0.0.0.0/0", "203.0.113.50 1", "sn*", "*", "", ""},
		{"less", "any", "0.0.0.0/0", "203.0.113.50 1", "sn*", "sn1", "",
			"its scope is narrower now"},
		{"another", "any", "0.0.0.0/0", "203.0.113.50 1", "sn*", "acme*", "",
			"its scope is narrower now"},
		{"on the list", "203.0.113.0/24", "0.0.0.0/0", "203.0.113.50 1", "sn*", "sn*", "", ""},
		{"not on the list", "198.51.100.0/24", "0.0.0.0/0", "203.0.113.50 1", "sn*", "sn*", "",
			"support may not come from 203.0.113.50"},
		{"not on its own", "203.0.113.0/24", "203.0.113.20", "203.0.113.50 1", "sn*", "sn*", "",
			"this person may not come from 203.0.113.50"},
		{"a list of garbage", "garbage", "0.0.0.0/0", "203.0.113.50 1", "sn*", "sn*", "", ""},
		{"a list of garbage, not on its own", "garbage", "203.0.113.20", "203.0.113.50 1", "sn*",
			"sn*", "", "this person may not"},
		{"its key narrowed", "any", "0.0.0.0/0", "203.0.113.50 1", "sn*", "sn*", key,
			"smaller than when it logged in"},
		{"its group narrowed", "any", "0.0.0.0/0", "203.0.113.50 1", "@gold", "@gold", "@gold",
			"smaller than when it logged in"},
		{"another group narrowed", "any", "0.0.0.0/0", "203.0.113.50 1", "@gold", "@gold",
			"@silver", ""},
	};
	for (const Row& row : rows) {
		RelayWorld world;
		spill(world.paths.config(), "[relay]\nsupport-from = " + std::string(row.config) + "\n");
		Grant grant = new_grant(Role::staff, "sam", sample_key(1), 1);
		grant.from = {*Network::parse(row.own)};
		grant.scope = {*Scope::parse(row.now)};
		ASSERT_TRUE(put_grant(grant_folder_of(Role::staff, world.paths), grant, false, geteuid()));
		if (!row.narrowed.empty()) {
			make(world.paths.narrowed());
			spill(
				world.paths.narrowed() + "/" + std::string(row.narrowed), *format_narrowing_mark());
		}
		const Session session{.role = Role::staff,
			.subject = "sam",
			.started = *process_start(getpid()),
			.key = fingerprint_of(sample_key(1)).str(),
			.from = std::string(row.from),
			.window = {},
			.scope = {*Scope::parse(row.then)}};
		const SessionVerdict verdict = judge(world.context, session, true, true, *read_clocks());
		EXPECT_EQ(verdict.is == Is::fine, row.why.empty()) << row.name << ": " << verdict.why;
		EXPECT_NE(verdict.why.find(row.why), std::string::npos) << row.name << ": " << verdict.why;
	}
}

TEST(CliJudge, ATunnelOfARevokedWindowIsOver) {
	RelayWorld world;
	world.add_device("sn1");
	world.grant(Role::tunnel, "sn1", sample_key(1));
	const UniqueFd up = world.tunnel("sn1");
	const Session session{.role = Role::tunnel,
		.subject = "sn1",
		.key = fingerprint_of(sample_key(1)).str(),
		.from = "",
		.window = kWindow};
	spill(world.paths.revoked() + "/" + kWindow.str(),
		format_revoked_window({kWindow, *Serial::parse("sn1"), 1, read_clocks()->wall + 100}));
	EXPECT_EQ(
		judge(world.context, session, true, true, *read_clocks()).why, "its window was revoked");
	spill(world.paths.revoked() + "/" + kWindow.str(), "garbage");
	EXPECT_EQ(judge(world.context, session, true, true, *read_clocks()).is, Is::over);
}

TEST(CliJudge, BelievesNoDamagedRecord) {
	RelayWorld world;
	world.add_device("sn1");
	world.grant(Role::tunnel, "sn1", sample_key(1));
	const UniqueFd up = world.tunnel("sn1");
	const Session session{.role = Role::tunnel,
		.subject = "sn1",
		.key = fingerprint_of(sample_key(1)).str(),
		.from = "",
		.window = kWindow};
	ASSERT_EQ(judge(world.context, session, true, true, *read_clocks()).is, Is::fine);
	spill(world.paths.windows() + "/" + fingerprint_of(sample_key(1)).file_name(), "garbage");
	EXPECT_EQ(judge(world.context, session, false, true, *read_clocks()).is, Is::over);
	spill(world.paths.devices() + "/sn1", "garbage");
	EXPECT_EQ(judge(world.context, session, false, true, *read_clocks()).why,
		"the device is not registered");
}

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
	EXPECT_TRUE(live_sessions(world.paths)->sessions.empty());
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
	EXPECT_GE(read_clocks()->wall, login.session.since + patience(Role::tunnel).count())
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
