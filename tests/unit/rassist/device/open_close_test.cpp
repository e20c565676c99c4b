// open, close, extend: what they ask of the unit, and what they say.
#include "common/sessions/session.hpp"
#include "common/system/process.hpp"
#include "tests/unit/rassist/device/device_world.hpp"

#include <sysexits.h>

namespace rassist::cli::test {
namespace {

TEST_F(CliDevice, OpensByTheUnitAndSaysTheFingerprintBeforeTheCode) {
	ASSERT_EQ(world.run({"open"}), EX_OK) << world.err.str();
	EXPECT_EQ(systemctl(), Words{"start"});
	const std::string text = world.out.str();
	ASSERT_TRUE(says(host_key));
	ASSERT_TRUE(says(code));
	EXPECT_LT(text.find(host_key), text.find(code));
	EXPECT_TRUE(says("rassist key sn123"));
	EXPECT_TRUE(says("ssh -o UserKnownHostsFile=/dev/null -J "
					 "rassist-support@relay.example.com:2222 -p 10022 rassist@sn123.rassist"));
	EXPECT_TRUE(says("1h left") || says("59m 59s left")) << text;
}

TEST_F(CliDevice, AsksForTheLengthByTheRequest) {
	ASSERT_EQ(world.run({"open", "--for", "2h"}), EX_OK) << world.err.str();
	EXPECT_TRUE(says("2h left") || says("1h 59m left")) << world.out.str();
	EXPECT_FALSE(is_there(world.paths.request()));
}

TEST_F(CliDevice, LeavesNoLengthBehindForAWindowThatAsksForNone) {
	ASSERT_TRUE(write_window_request(world.paths, WindowRequest::Change::open, 8h, *read_clocks()));
	ASSERT_EQ(world.run({"open"}), EX_OK);
	EXPECT_TRUE(says("1h left") || says("59m 59s left")) << world.out.str();
}

TEST_F(CliDevice, ChangesNothingAboutAnOpenWindow) {
	open(1h);
	EXPECT_EQ(world.run({"open"}), EX_OK);
	EXPECT_TRUE(says("open already, until"));
	EXPECT_EQ(world.run({"open", "--for", "2h"}), EX_TEMPFAIL);
	EXPECT_TRUE(complains("rassist extend --for 2h"));
	EXPECT_TRUE(world.ran.empty());
	EXPECT_FALSE(is_there(world.paths.request()));
}

TEST_F(CliDevice, SaysWhatTheUnitSaidWhereItFails) {
	unit_fails = true;
	EXPECT_EQ(world.run({"open", "--for", "9h"}), EX_UNAVAILABLE);
	EXPECT_TRUE(complains("a window of 9h is too long; at most 8h")) << world.err.str();
}

TEST_F(CliDevice, SaysThatTheUnitTookTooLong) {
	unit_fails = true;
	EXPECT_EQ(world.run({"open"}), EX_UNAVAILABLE);
	EXPECT_FALSE(complains("TimeoutStartSec")) << world.err.str();
	for (const char* result : {"timeout\nsuccess\n", "success\ntimeout\n"}) {
		world.err.str("");
		unit_result = result;
		EXPECT_EQ(world.run({"open"}), EX_UNAVAILABLE);
		EXPECT_TRUE(
			complains("failed: it took longer than the unit's TimeoutStartSec; a window of 9h"))
			<< world.err.str();
	}
}

TEST_F(CliDevice, ClosesByPidOneWithoutWaitingFirst) {
	open(1h);
	EXPECT_EQ(world.run({"close"}), EX_OK) << world.err.str();
	EXPECT_EQ(systemctl(), (Words{"stop --no-block", "stop"}));
	EXPECT_TRUE(says("The window is closed. Nobody was logged in."));
	EXPECT_EQ(world.run({"close"}), EX_OK);
	EXPECT_TRUE(says("No window was open."));
}

TEST_F(CliDevice, SaysWhomItCut) {
	open(1h);
	Session session{.role = Role::assist,
		.subject = "sn123",
		.pid = getpid(),
		.started = *read_process_start(getpid()),
		.key = "typed code",
		.from = "tunnel",
		.since = read_clocks()->wall,
		.window = {}};
	ASSERT_TRUE(register_session(world.paths, session));
	EXPECT_EQ(world.run({"close"}), EX_OK);
	EXPECT_TRUE(says("Cut: 1 session.\n  typed code, since ")) << world.out.str();
}

TEST_F(CliDevice, ExtendsAndShortensByReload) {
	open(1h);
	EXPECT_EQ(world.run({"extend", "--for", "5m"}), EX_OK) << world.err.str();
	EXPECT_EQ(systemctl(), Words{"reload"});
	EXPECT_TRUE(says("5m left") || says("4m 59s left")) << world.out.str();
	EXPECT_EQ(world.run({"extend", "--for", "3h"}), EX_OK);
	EXPECT_TRUE(says("3h left") || says("2h 59m left")) << world.out.str();
}

TEST_F(CliDevice, ExtendsNoClosedWindow) {
	EXPECT_EQ(world.run({"extend", "--for", "5m"}), EX_UNAVAILABLE);
	EXPECT_TRUE(complains("rassist open --for 5m"));
	EXPECT_TRUE(world.ran.empty());
}

}    // namespace
}    // namespace rassist::cli::test
