#include "pam_rassist/session_steps.hpp"

#include "common/base/parse_network.hpp"
#include "common/keys/digest.hpp"
#include "common/records/registry.hpp"
#include "common/records/revoked_window.hpp"
#include "common/sessions/narrowing_mark.hpp"
#include "common/system/files_write.hpp"
#include "tests/unit/pam_rassist/test_world.hpp"

#include <gtest/gtest.h>

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <map>

namespace rassist::pam {
namespace {

PublicKey key() {
	return PublicKey::parse(
		"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f")
		.value();
}
Request by_key(Account account) { return {account, key(), false, "203.0.113.20 5022"}; }
Request by_code() { return {Account::assist, {}, true, "tunnel"}; }

Grant grant(Role role, const std::string& subject) {
	Grant made{
		role, subject, key(), std::nullopt, kTestNow - 60, std::nullopt, 0, "", {}, {}, {}, ""};
	if (role == Role::tunnel) {
		made.window = Id::parse("abcdefghjk").value();
		made.sequence = 1;
		made.relay = "relay";
	}
	if (role == Role::tunnel || role == Role::activation)
		made.expires = Deadline{kTestNow + 600, std::nullopt};
	return made;
}

void put(const TestWorld& world, const Grant& made) {
	ASSERT_TRUE(put_grant(grant_folder_of(made.role, world.paths()), made, false, getuid()).ok());
}
void put_device(const TestWorld& world, bool blocked = false) {
	const Device device{Serial::parse("sn123").value(), "127.64.0.7", blocked, {}, "", kTestNow};
	ASSERT_TRUE(write_file(world.paths().devices() + "/sn123", format_device(device),
		{0644, std::nullopt, std::nullopt, true, false})
					.ok());
}
std::vector<Session> sessions(const TestWorld& world) {
	return live_sessions(world.paths())->sessions;
}

/// An older connection: a process of ours that waits to be ended.
class Older {
public:
	Older(const TestWorld& world, Role role, const std::string& subject) : pid_(fork()) {
		if (pid_ == 0)
			while (true)
				pause();
		Session session;
		session.role = role;
		session.subject = subject;
		session.pid = pid_;
		session.started = process_start(pid_).value();
		session.key = "SHA256:x";
		session.from = "203.0.113.50 1";
		EXPECT_TRUE(register_session(world.paths(), session).ok());
	}
	Older(const Older&) = delete;
	Older& operator=(const Older&) = delete;
	~Older() {
		kill(pid_, SIGKILL);
		waitpid(pid_, nullptr, 0);
	}
	[[nodiscard]] bool lives() const { return process_start(pid_).ok(); }

private:
	pid_t pid_;
};

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

TEST(PamSession, StaffIsRegisteredByName) {
	TestWorld world;
	Grant pat = grant(Role::staff, "pat");
	pat.scope = {*Scope::parse("sn*")};
	put(world, pat);
	EXPECT_EQ(open_session(by_key(Account::support), world), Decision::allowed);
	const auto live = sessions(world);
	ASSERT_EQ(live.size(), 1U);
	EXPECT_EQ(live[0].role, Role::staff);
	EXPECT_EQ(live[0].subject, "pat");
	EXPECT_EQ(live[0].from, "203.0.113.20 5022");
	EXPECT_TRUE(live[0].scope.size() == 1 && live[0].scope[0].str() == "sn*");
}

TEST(PamSession, StaffComesFromWhereEverybodyAndItselfMay) {
	struct Case {
		const char* everybodys;
		const char* own;
		const char* refused;    // nullptr: let in
	};
	for (const Case& c : {Case{"any", "203.0.113.20", nullptr},
			 Case{"any", "203.0.113.21", "this person may not come from 203.0.113.20"},
			 Case{"203.0.113.0/24", "203.0.113.20", nullptr},
			 Case{"203.0.113.0/24", "2001:db8::/32", "this person may not come from 203.0.113.20"},
			 Case{"203.0.113.21", "203.0.113.20", "support may not come from 203.0.113.20"},
			 Case{"some", "203.0.113.20", "\"some\" is not a network"}}) {
		TestWorld world;
		world.configure("[relay]\nsupport-from = " + std::string(c.everybodys) + "\n");
		Grant pat = grant(Role::staff, "pat");
		pat.from = {*Network::parse(c.own)};
		put(world, pat);
		EXPECT_EQ(open_session(by_key(Account::support), world),
			c.refused == nullptr ? Decision::allowed : Decision::denied)
			<< c.own;
		EXPECT_EQ(world.ended, c.refused == nullptr ? 0 : 1);
		EXPECT_EQ(sessions(world).size(), c.refused == nullptr ? 1U : 0U);
		EXPECT_TRUE(c.refused == nullptr || world.logged(c.refused)) << c.own;
		EXPECT_TRUE(world.logged("RASSIST_SUBJECT=pat")) << "the journal says who";
	}
}

TEST(PamSession, AListThatChangesInTheMiddleOfALoginLeavesNobodyIn) {
	for (const int when : {1, 2, 3}) {    // 3: it is registered by then
		TestWorld world;
		put(world, grant(Role::staff, "pat"));
		world.at_clock = [&](int call) {
			if (call == when)
				world.configure("[relay]\nsupport-from = 203.0.113.21\n");
		};
		EXPECT_EQ(open_session(by_key(Account::support), world), Decision::denied) << when;
		EXPECT_EQ(world.ended, 1) << when;
		EXPECT_TRUE(sessions(world).empty()) << when;
	}
}

TEST(PamSession, AScopeThatBecomesLessInTheMiddleOfALoginLeavesNobodyIn) {
	for (const std::string& name :
		{fingerprint_of(key()).file_name(), std::string("@gold"), std::string("@silver")}) {
		TestWorld world;
		Grant pat = grant(Role::staff, "pat");
		pat.scope = {*Scope::parse("@gold")};
		put(world, pat);
		// after the helper wrote sshd's list of devices: that was before all of this
		ASSERT_TRUE(write_file(world.paths().narrowed() + "/" + name, *format_narrowing_mark(),
			{0644, {}, {}, true, false})
						.ok());
		EXPECT_EQ(open_session(by_key(Account::support), world),
			name == "@silver" ? Decision::allowed : Decision::denied)
			<< name;
		EXPECT_EQ(sessions(world).size(), name == "@silver" ? 1U : 0U);
	}
}

TEST(PamSession, AMarkOfBeforeTheConnectionIsNoneOfItsAndOneThatIsNotBelievedForbids) {
	const std::string mark = "/" + fingerprint_of(key()).file_name();
	for (const auto& [text, decision] :
		{std::pair("[narrowed]\nversion = 1\nticks = 0\n", Decision::allowed),
			std::pair("garbage", Decision::denied)}) {
		TestWorld world;
		put(world, grant(Role::staff, "pat"));
		ASSERT_TRUE(
			write_file(world.paths().narrowed() + mark, text, {0644, {}, {}, true, false}).ok());
		EXPECT_EQ(open_session(by_key(Account::support), world), decision) << text;
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
