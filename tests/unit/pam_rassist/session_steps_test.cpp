#include "pam_rassist/session_steps.hpp"

#include "common/base/parse_network.hpp"
#include "common/keys/digest.hpp"
#include "common/records/revoked_window.hpp"
#include "common/sessions/narrowing_mark.hpp"
#include "common/system/files_write.hpp"
#include "tests/unit/pam_rassist/session_samples.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <map>

namespace rassist::pam {
namespace {

TEST(PamSession, SupportsSessionIsRegisteredWhileTheWindowIsOpen) {
	for (const bool typed : {true, false}) {
		TestWorld world;
		world.open();
		EXPECT_EQ(
			open_session(typed ? by_code() : by_key(Account::assist), world), Decision::allowed);
		const auto live = sessions(world);
		ASSERT_EQ(live.size(), 1U);
		EXPECT_EQ(live[0].role, Role::assist);
		EXPECT_EQ(live[0].subject, "sn123");
		EXPECT_EQ(live[0].pid, getpid());
		EXPECT_EQ(live[0].key, typed ? "typed code" : fingerprint_of(key()).str());
		EXPECT_EQ(live[0].window->str(), "0123456789");
		EXPECT_TRUE(world.logged(message::kSessionStarted));
		EXPECT_EQ(world.ended, 0);

		EXPECT_EQ(close_session(world), Decision::allowed);
		EXPECT_TRUE(sessions(world).empty());
		EXPECT_TRUE(world.logged(message::kSessionEnded));
	}
}

TEST(PamSession, ItsEndIsTheWindowsOrTheConnections) {
	for (const int later : {0, 598, 601, -1}) {
		TestWorld world;
		world.open();
		ASSERT_EQ(open_session(by_code(), world), Decision::allowed);
		later < 0 ? world.close() : static_cast<void>(world.time.wall += later);
		EXPECT_EQ(close_session(world), Decision::allowed);
		EXPECT_TRUE(world.logged(later == 0 ? "the connection was closed" : "the window ended"))
			<< later;
	}
}

TEST(PamSession, ASessionThatNobodySaysTheKeyOfIsEnded) {
	for (const Account account :
		{Account::assist, Account::device, Account::tunnel, Account::support}) {
		TestWorld world;
		world.open();
		EXPECT_EQ(
			open_session({account, {}, account != Account::assist, ""}, world), Decision::denied);
		EXPECT_EQ(world.ended, 1);
	}
}

TEST(PamSession, ASessionThatCannotBeRegisteredOrKeptIsEnded) {
	TestWorld world;
	world.open();
	ASSERT_TRUE(write_file(
		world.paths().sessions(), "a file", {0644, std::nullopt, std::nullopt, true, false})
					.ok());
	EXPECT_EQ(open_session(by_code(), world), Decision::denied);
	EXPECT_EQ(world.ended, 1);

	TestWorld forgetful;
	forgetful.open();
	forgetful.keeps_nothing = true;
	EXPECT_EQ(open_session(by_code(), forgetful), Decision::denied);
	EXPECT_EQ(forgetful.ended, 1);
	EXPECT_TRUE(sessions(forgetful).empty());
}

TEST(PamSession, ANewTunnelEndsTheOlderOnesOfItsDeviceAlone) {
	TestWorld world;
	put_device(world);
	put(world, grant(Role::tunnel, "sn123"));
	const Older first(world, Role::tunnel, "sn123");
	const Older second(world, Role::tunnel, "sn123");
	const Older enrolling(world, Role::identity, "sn123");
	const Older other(world, Role::tunnel, "sn1234");
	EXPECT_EQ(open_session(by_key(Account::tunnel), world), Decision::allowed);
	EXPECT_FALSE(first.lives());
	EXPECT_FALSE(second.lives());
	EXPECT_TRUE(enrolling.lives());
	EXPECT_TRUE(other.lives());
	EXPECT_TRUE(world.logged(message::kDisplaced));
	EXPECT_EQ(access((world.paths().enforce() + "/tunnel.sn123.3").c_str(), F_OK), 0);
}

TEST(PamSession, WhoOnlyEnrolsDisplacesNothing) {
	for (const Role role : {Role::identity, Role::activation}) {
		TestWorld world;
		put_device(world);
		put(world, grant(role, "sn123"));
		const Older tunnel(world, Role::tunnel, "sn123");
		const Older enrolling(world, role, "sn123");
		EXPECT_EQ(open_session(by_key(Account::device), world), Decision::allowed);
		EXPECT_TRUE(tunnel.lives());
		EXPECT_TRUE(enrolling.lives());
		EXPECT_EQ(sessions(world).size(), 3U);
		EXPECT_TRUE(Folder::open(world.paths().enforce()).value().names().value().empty());
	}
}

TEST(PamSession, ADeviceHasAFewQuestionsAtOnceAndNoMore) {
	for (const Role role : {Role::identity, Role::activation}) {
		TestWorld world;
		put_device(world);
		put(world, grant(role, "sn123"));
		const Older a(world, role, "sn123"), b(world, role, "sn123"), c(world, role, "sn123");
		const Older other(world, role, "sn1234"), tunnel(world, Role::tunnel, "sn123");
		EXPECT_EQ(open_session(by_key(Account::device), world), Decision::allowed);
		const Older late(world, role, "sn123");
		EXPECT_EQ(close_session(world), Decision::allowed);
		EXPECT_EQ(open_session(by_key(Account::device), world), Decision::denied) << "the fifth";
		EXPECT_EQ(world.ended, 1);
		EXPECT_TRUE(a.lives() && b.lives() && c.lives() && late.lives() && tunnel.lives());
		EXPECT_EQ(sessions(world).size(), 6U) << "the one refused leaves no record";
	}
}

TEST(PamSession, ATunnelThatNobodyWouldWatchIsEnded) {
	TestWorld world;
	put_device(world);
	put(world, grant(Role::tunnel, "sn123"));
	ASSERT_EQ(rmdir(world.paths().enforce().c_str()), 0);
	EXPECT_EQ(open_session(by_key(Account::tunnel), world), Decision::denied);
	EXPECT_EQ(world.ended, 1);
}

TEST(PamSession, ClosingWhatWasRefusedIsFine) {
	TestWorld world;
	EXPECT_EQ(open_session(by_code(), world), Decision::denied);
	EXPECT_EQ(close_session(world), Decision::allowed);
}

}    // namespace
}    // namespace rassist::pam
