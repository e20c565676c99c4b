// What the records say of a live session.
#include "common/base/parse_network.hpp"
#include "common/keys/digest.hpp"
#include "common/records/revoked_window.hpp"
#include "common/sessions/narrowing_mark.hpp"
#include "rassist/enforce/judge.hpp"
#include "rassist/relay/grants.hpp"
#include "tests/unit/rassist/relay/relay_world.hpp"

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
			judge_session(world.context, session, one.grown, one.newest, *read_clocks());
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
	EXPECT_EQ(judge_session(world.context, session, false, true, *read_clocks()).why,
		"its window is no longer open here");
	world.grant(Role::staff, "sam", sample_key(2));
	session.role = Role::staff;
	session.subject = "pat";
	session.key = fingerprint_of(sample_key(2)).str();
	EXPECT_EQ(judge_session(world.context, session, false, true, *read_clocks()).why,
		"its key belongs to somebody else now");
	session.key = "typed code";
	EXPECT_EQ(judge_session(world.context, session, false, true, *read_clocks()).is, Is::over);
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
	EXPECT_EQ(judge_session(world.context, session, true, true, *read_clocks()).is, Is::fine);
	session.window = *Id::parse("1111111111");
	EXPECT_EQ(judge_session(world.context, session, true, true, *read_clocks()).why,
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
		Grant grant = make_grant(Role::staff, "sam", sample_key(1), 1);
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
			.started = *read_process_start(getpid()),
			.key = fingerprint_of(sample_key(1)).str(),
			.from = std::string(row.from),
			.window = {},
			.scope = {*Scope::parse(row.then)}};
		const SessionVerdict verdict =
			judge_session(world.context, session, true, true, *read_clocks());
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
	EXPECT_EQ(judge_session(world.context, session, true, true, *read_clocks()).why,
		"its window was revoked");
	spill(world.paths.revoked() + "/" + kWindow.str(), "garbage");
	EXPECT_EQ(judge_session(world.context, session, true, true, *read_clocks()).is, Is::over);
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
	ASSERT_EQ(judge_session(world.context, session, true, true, *read_clocks()).is, Is::fine);
	spill(world.paths.windows() + "/" + fingerprint_of(sample_key(1)).file_name(), "garbage");
	EXPECT_EQ(judge_session(world.context, session, false, true, *read_clocks()).is, Is::over);
	spill(world.paths.devices() + "/sn1", "garbage");
	EXPECT_EQ(judge_session(world.context, session, false, true, *read_clocks()).why,
		"the device is not registered");
}

}    // namespace
}    // namespace rassist::cli::test
