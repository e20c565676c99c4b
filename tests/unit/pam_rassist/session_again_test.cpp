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

// What lets a session in is read again once it is registered: what changes in the middle of a login
// counts.
namespace rassist::pam {
namespace {

TEST(PamSession, AWindowThatGoesInTheMiddleOfALoginLeavesNobodyIn) {
	const std::map<std::string, std::function<void(TestWorld&)>> table{
		{"closed", [](TestWorld& w) { w.close(); }},
		{"deadline", [](TestWorld& w) { w.time.wall += 600; }},
		{"another one", [](TestWorld& w) { w.open("zzzzzzzzzz"); }},
		{"not believed", [](TestWorld& w) { chmod(w.paths().window().c_str(), 0666); }},
	};
	// looks at the clock: 1 the session's time, 2 the window, then the session is registered, 3 the
	// window again
	for (const int when : {1, 2, 3})
		for (const auto& [what, happens] : table) {
			if (when < 3 && what == "another one")    // then it is the window that counts
				continue;
			TestWorld world;
			world.open();
			world.at_clock = [&, &change = happens](int call) {
				if (call == when)
					change(world);
			};
			EXPECT_EQ(open_session(by_key(Account::assist), world), Decision::denied)
				<< what << when;
			EXPECT_EQ(world.ended, 1) << what << when;
			EXPECT_TRUE(sessions(world).empty()) << what << when;
			EXPECT_TRUE(world.logged(message::kLoginRefused));
			EXPECT_FALSE(world.logged(message::kSessionStarted));
		}
}

TEST(PamSession, ATunnelOfARevokedWindowIsEnded) {
	for (const char* window : {"abcdefghjk", "0000000000"}) {
		TestWorld world;
		put_device(world);
		put(world, grant(Role::tunnel, "sn123"));
		const RevokedWindow revoked{
			*Id::parse(window), *Serial::parse("sn123"), kTestNow, kTestNow + 1};
		ASSERT_TRUE(write_file(world.paths().revoked() + "/" + window,
			format_revoked_window(revoked), {0644, {}, {}, true, false})
						.ok());
		const bool ours = std::string_view(window) == "abcdefghjk";
		EXPECT_EQ(open_session(by_key(Account::tunnel), world),
			ours ? Decision::denied : Decision::allowed)
			<< window;
	}
}

TEST(PamSession, AGrantThatGoesInTheMiddleOfALoginLeavesNobodyIn) {
	const std::map<std::string, std::function<void(TestWorld&)>> table{
		{"revoked",
			[](TestWorld& w) {
				EXPECT_TRUE(remove_grant(
					grant_folder_of(Role::tunnel, w.paths()), fingerprint_of(key()), getuid())
								.ok());
			}},
		{"expired", [](TestWorld& w) { w.time.wall += 600; }},
		{"blocked", [](TestWorld& w) { put_device(w, true); }},
		{"unregistered", [](TestWorld& w) { unlink((w.paths().devices() + "/sn123").c_str()); }},
	};
	for (const int when : {1, 2, 3})
		for (const auto& [what, happens] : table) {
			TestWorld world;
			put_device(world);
			put(world, grant(Role::tunnel, "sn123"));
			world.at_clock = [&, &change = happens](int call) {
				if (call == when)
					change(world);
			};
			EXPECT_EQ(open_session(by_key(Account::tunnel), world), Decision::denied)
				<< what << when;
			EXPECT_EQ(world.ended, 1) << what << when;
			EXPECT_TRUE(sessions(world).empty()) << what << when;
		}
}

TEST(PamSession, AKeyThatChangesHandsInTheMiddleOfALoginLeavesNobodyIn) {
	TestWorld world;
	put(world, grant(Role::staff, "pat"));
	world.at_clock = [&](int call) {
		if (call != 3)
			return;
		EXPECT_TRUE(remove_grant(
			grant_folder_of(Role::staff, world.paths()), fingerprint_of(key()), getuid())
						.ok());
		put(world, grant(Role::staff, "sam"));
	};
	EXPECT_EQ(open_session(by_key(Account::support), world), Decision::denied);
	EXPECT_EQ(world.ended, 1);
	EXPECT_TRUE(sessions(world).empty());
}

TEST(PamSession, AKeyOfTheOtherAccountIsNobodysHere) {
	TestWorld world;
	put_device(world);
	put(world, grant(Role::tunnel, "sn123"));
	EXPECT_EQ(open_session(by_key(Account::support), world), Decision::denied);
	EXPECT_EQ(world.ended, 1);
}

}    // namespace
}    // namespace rassist::pam
