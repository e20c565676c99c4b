#include "common/sessions/session.hpp"

#include "common/sessions/session_end.hpp"
#include "common/system/files.hpp"
#include "common/system/process.hpp"
#include "tests/unit/actor.hpp"
#include "tests/unit/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <signal.h>
#include <sys/wait.h>

#include <chrono>
#include <set>
#include <string>
#include <vector>

namespace rassist {
namespace {

using std::chrono::milliseconds;
using test::Actor;

class Sessions : public testing::Test {
protected:
	[[nodiscard]] static Session session(pid_t pid, std::uint64_t started, Role role = Role::tunnel,
		const std::string& subject = "sn123") {
		return {.role = role,
			.subject = subject,
			.pid = pid,
			.started = started,
			.key = "typed code",
			.from = "192.0.2.1 50000",
			.since = 1'790'000'000,
			.window = {}};
	}
	[[nodiscard]] Session enter(
		const Actor& actor, Role role = Role::tunnel, const std::string& subject = "sn123") const {
		auto registered =
			register_session(paths, session(actor.pid(), actor.started(), role, subject));
		if (!registered)
			throw std::runtime_error(registered.error().what);
		return *registered;
	}
	[[nodiscard]] std::vector<std::int64_t> alive(
		Role role = Role::tunnel, const std::string& subject = "sn123") const {
		std::vector<std::int64_t> numbers;
		const auto sessions = list_live_sessions(paths, role, subject);
		for (const Session& one : sessions.value())
			numbers.push_back(one.number);
		return numbers;
	}

	const test::TemporaryFolder folder;
	const Paths paths{.run = folder.path()};
	const std::uint64_t own_start = *read_process_start(getpid());
};

void nothing() {}

using Numbers = std::vector<std::int64_t>;

TEST_F(Sessions, AreReadAsTheyWereRegistered) {
	auto one = session(getpid(), own_start);
	one.window = *Id::parse("0123456789");
	one.key = "SHA256:5ptXDAmmxWmkIBOxWkVx2Rr1Wvau/B++M70bqL7zxWE";
	one.from = "2001:db8::1 50000";
	one.scope = {*Scope::parse("acme-*"), *Scope::parse("@gold")};
	ASSERT_TRUE(register_session(paths, one));
	const auto found = list_live_sessions(paths);
	ASSERT_TRUE(found && found->sessions.size() == 1 && found->refused.empty());
	const Session& read = found->sessions.front();
	EXPECT_EQ(read.role, one.role);
	EXPECT_EQ(read.subject, one.subject);
	EXPECT_EQ(read.number, 1);
	EXPECT_EQ(read.pid, one.pid);
	EXPECT_EQ(read.started, one.started);
	EXPECT_EQ(read.key, one.key);
	EXPECT_EQ(read.from, one.from);
	EXPECT_EQ(read.since, one.since);
	EXPECT_EQ(read.window, one.window);
	EXPECT_TRUE(read.scope.size() == 2 && are_all_within(read.scope, one.scope) &&
				are_all_within(one.scope, read.scope));
	EXPECT_EQ(read.id, one.id);
}

TEST_F(Sessions, NumbersRiseAlsoWhenTheFolderWasEmptied) {
	const auto one = register_session(paths, session(getpid(), own_start));
	EXPECT_EQ(one->number, 1);
	EXPECT_EQ(register_session(paths, session(getpid(), own_start))->number, 2);
	ASSERT_TRUE(forget_session(paths, *one));
	EXPECT_EQ(alive(), (Numbers{2}));
	// number 0: not there, and fine
	ASSERT_TRUE(forget_session(paths, session(getpid(), own_start)));
	const auto left = list_live_sessions(paths);
	for (const Session& each : left->sessions)
		ASSERT_TRUE(forget_session(paths, each));
	EXPECT_TRUE(alive().empty());
	EXPECT_EQ(register_session(paths, session(getpid(), own_start))->number, 3);
	EXPECT_EQ(
		register_session(paths, session(getpid(), own_start, Role::tunnel, "sn124"))->number, 1);
	EXPECT_EQ(register_session(paths, session(getpid(), own_start, Role::identity))->number, 1);
}

TEST_F(Sessions, NumbersAreGivenOnce) {
	int numbers[2];
	ASSERT_EQ(pipe(numbers), 0);
	for (int i = 0; i < 4; ++i)
		if (fork() == 0) {
			for (int n = 0; n < 10; ++n) {
				const auto registered =
					register_session(paths, session(getpid(), *read_process_start(getpid())));
				const std::int64_t number = registered ? registered->number : -1;
				if (::write(numbers[1], &number, sizeof number) != sizeof number)
					_exit(1);
			}
			_exit(0);
		}
	close(numbers[1]);
	std::set<std::int64_t> seen;
	std::int64_t number = 0;
	while (::read(numbers[0], &number, sizeof number) == sizeof number)
		EXPECT_TRUE(seen.insert(number).second) << number;
	close(numbers[0]);
	for (int i = 0; i < 4; ++i)
		::wait(nullptr);
	EXPECT_EQ(seen.size(), 40U);
	EXPECT_EQ(*seen.rbegin(), 40);
}

TEST_F(Sessions, RefusesWhatItCouldNotReadBack) {
	for (const auto& wrong : {
			 session(getpid(), own_start, Role::none),
			 session(getpid(), own_start, Role::tunnel, ""),
			 session(getpid(), own_start, Role::tunnel, "../sn123"),
			 session(getpid(), own_start, Role::staff, "a..b"),
			 session(0, own_start),
			 session(1, own_start),
			 session(-1, own_start),
		 })
		EXPECT_FALSE(register_session(paths, wrong)) << wrong.subject;
	auto wrong = session(getpid(), own_start);
	wrong.from = "";
	EXPECT_FALSE(register_session(paths, wrong));
	for (const char* from : {"x\x1b[2J", " x", "x ;y", "x\nrole = staff"}) {
		wrong.from = from;
		EXPECT_FALSE(register_session(paths, wrong)) << from;
	}
	EXPECT_TRUE(list_live_sessions(paths)->sessions.empty());
}

TEST_F(Sessions, ALockFileThatHoldsNoNumberIsAnError) {
	ASSERT_TRUE(register_session(paths, session(getpid(), own_start)));
	test::spill(paths.sessions() + "/tunnel.sn123/.lock", "garbage", 0600);
	EXPECT_FALSE(register_session(paths, session(getpid(), own_start)));
}

TEST_F(Sessions, AFolderThatOthersMayWriteIsNotBelieved) {
	ASSERT_TRUE(register_session(paths, session(getpid(), own_start)));
	ASSERT_EQ(chmod((paths.sessions() + "/tunnel.sn123").c_str(), 0777), 0);
	EXPECT_EQ(list_live_sessions(paths, Role::tunnel, "sn123").error().code, Fault::untrusted);
	EXPECT_EQ(register_session(paths, session(getpid(), own_start)).error().code, Fault::untrusted);
	EXPECT_EQ(displace_sessions(paths, Role::tunnel, "sn123", 5, milliseconds(0)).error().code,
		Fault::untrusted);
}

TEST_F(Sessions, AFolderThatIsNotBelievedDoesNotTakeTheOthersWithIt) {
	ASSERT_TRUE(register_session(paths, session(getpid(), own_start)));
	ASSERT_TRUE(register_session(paths, session(getpid(), own_start, Role::tunnel, "sn124")));
	ASSERT_EQ(chmod((paths.sessions() + "/tunnel.sn123").c_str(), 0777), 0);
	const auto list = list_live_sessions(paths);
	ASSERT_TRUE(list && list->sessions.size() == 1 && list->refused.size() == 1);
	EXPECT_EQ(list->sessions.front().subject, "sn124");
	EXPECT_TRUE(sweep_sessions(paths));
}

TEST_F(Sessions, NothingIsRegisteredWhereOthersCouldPutAnotherFolderInItsPlace) {
	ASSERT_TRUE(register_session(paths, session(getpid(), own_start)));
	ASSERT_EQ(chmod(paths.sessions().c_str(), 0777), 0);
	EXPECT_EQ(register_session(paths, session(getpid(), own_start)).error().code, Fault::untrusted);
}

TEST_F(Sessions, TheDeadAreLeftOutAndSwept) {
	{
		const Actor actor(nothing);
		static_cast<void>(enter(actor));
		EXPECT_EQ(alive(), (Numbers{1}));
	}
	// the process's number passed on to us
	const auto stranger =
		*register_session(paths, session(getpid(), own_start + 1, Role::staff, "bob"));
	ASSERT_TRUE(register_session(paths, session(getpid(), own_start, Role::staff, "ann")));
	EXPECT_TRUE(alive().empty());
	EXPECT_EQ(list_live_sessions(paths)->sessions.size(), 1U);
	EXPECT_TRUE(test::is_there(paths.sessions() + "/tunnel.sn123/1"));    // readers do not write
	const auto dead = sweep_sessions(paths);
	ASSERT_TRUE(dead);
	EXPECT_EQ(dead->sessions.size(), 2U) << "whoever sweeps is told whose end it was";
	EXPECT_TRUE(sweep_sessions(paths)->sessions.empty()) << "once";
	EXPECT_FALSE(test::is_there(paths.sessions() + "/tunnel.sn123/1"));
	EXPECT_FALSE(test::is_there(paths.sessions() + "/staff.bob/1"));
	EXPECT_EQ(list_live_sessions(paths)->sessions.size(), 1U);
	EXPECT_TRUE(end_session(stranger, milliseconds(0)));    // and we live
}

TEST_F(Sessions, OneSubjectsDeadAreSweptAlone) {
	for (const char* subject : {"sn123", "sn124"})
		ASSERT_TRUE(
			register_session(paths, session(getpid(), own_start + 1, Role::tunnel, subject)));
	ASSERT_TRUE(register_session(paths, session(getpid(), own_start)));
	const auto dead = sweep_sessions(paths, Role::tunnel, "sn123");
	ASSERT_TRUE(dead && dead->size() == 1);
	EXPECT_EQ(dead->front().number, 1);
	EXPECT_FALSE(test::is_there(paths.sessions() + "/tunnel.sn123/1"));
	EXPECT_TRUE(test::is_there(paths.sessions() + "/tunnel.sn124/1"));
	EXPECT_EQ(alive(), (Numbers{2}));
}

TEST_F(Sessions, WhatIsNoRecordIsNobodysSession) {
	ASSERT_TRUE(register_session(paths, session(getpid(), own_start)));
	const std::string record = paths.sessions() + "/tunnel.sn123/1";
	const std::string text = test::contents(record);
	test::spill(paths.sessions() + "/tunnel.sn123/2", "garbage");
	test::spill(paths.sessions() + "/tunnel.sn123/3", text);    // the record of number 1
	test::make(paths.sessions() + "/tunnel.sn124");
	test::spill(paths.sessions() + "/tunnel.sn124/1", text);    // the record of sn123
	test::make(paths.sessions() + "/other");
	test::make(paths.sessions() + "/root.sn123");
	test::spill(paths.sessions() + "/file", "x");
	EXPECT_EQ(list_live_sessions(paths)->sessions.size(), 1U);
	test::spill(record, text, 0666);
	EXPECT_TRUE(list_live_sessions(paths)->sessions.empty());
}

TEST_F(Sessions, WithoutTheirFolderThereAreNone) {
	EXPECT_TRUE(list_live_sessions(paths)->sessions.empty());
	EXPECT_TRUE(alive().empty());
	EXPECT_TRUE(sweep_sessions(paths));
	EXPECT_TRUE(forget_session(paths, session(getpid(), own_start)));
	EXPECT_EQ(*displace_sessions(paths, Role::tunnel, "sn123", 5, milliseconds(0)), 0);
}

TEST_F(Sessions, EndBySigtermWhereThatIsEnough) {
	const Actor actor([] { Actor::spawn(nothing); });
	EXPECT_EQ(actor.alive(), 2);
	const auto one = enter(actor);
	ASSERT_TRUE(end_session(one, std::chrono::hours(1))) << "an hour that nobody waits for";
	EXPECT_EQ(actor.alive(), 0);
	siginfo_t ended{};
	ASSERT_EQ(waitid(P_PID, static_cast<id_t>(actor.pid()), &ended, WEXITED | WNOWAIT), 0);
	EXPECT_EQ(ended.si_status, SIGTERM);
	EXPECT_TRUE(end_session(one, milliseconds(0)));    // it has ended
}

TEST_F(Sessions, EndByForceWithAllThatIsBelow) {
	const Actor actor([] {
		Actor::deaf();
		Actor::spawn([] {    // its own session, deaf, with a child that is too
			setsid();
			Actor::spawn(nothing);
		});
		Actor::spawn([] { kill(getpid(), SIGTERM); });
	});
	EXPECT_EQ(actor.alive(), 4);
	ASSERT_TRUE(end_session(enter(actor), milliseconds(10)));
	EXPECT_EQ(actor.alive(), 0);
}

TEST_F(Sessions, ChildrenThatOutliveTheirSshdAreEndedToo) {
	const Actor actor([] {
		Actor::spawn([] {
			Actor::deaf();
			setsid();
			Actor::spawn(nothing);
		});
	});
	EXPECT_EQ(actor.alive(), 3);
	ASSERT_TRUE(end_session(enter(actor), milliseconds(20'000)));
	EXPECT_EQ(actor.alive(), 0);
}

TEST_F(Sessions, DisplacementEndsLowerNumbersOnly) {
	const Actor first(nothing);
	const Actor second([] { Actor::deaf(); });
	const Actor third(nothing);
	const Actor fourth(nothing);
	const Actor other(nothing);
	for (const Actor* actor : {&first, &second, &third, &fourth})
		static_cast<void>(enter(*actor));
	static_cast<void>(enter(other, Role::tunnel, "sn124"));
	static_cast<void>(enter(other, Role::identity, "sn123"));
	EXPECT_EQ(*displace_sessions(paths, Role::tunnel, "sn123", 3, milliseconds(10)), 2);
	EXPECT_EQ(first.alive() + second.alive(), 0);
	EXPECT_EQ(third.alive() + fourth.alive() + other.alive(), 3);
	EXPECT_EQ(alive(), (Numbers{3, 4}));
	EXPECT_EQ(sweep_sessions(paths, Role::tunnel, "sn123")->size(), 2U)
		<< "their records are the sweep's";
	EXPECT_EQ(*displace_sessions(paths, Role::tunnel, "sn123", 3, milliseconds(10)), 0);
}

TEST_F(Sessions, WhatSshdRunsForADisplacedSessionMaySayGoodbye) {
	const std::string last_word = paths.sessions() + "-said";
	static std::string said;    // for a signal handler
	said = last_word;
	const Actor actor([] {
		Actor::spawn([] {        // sshd's own child, which sees no SIGHUP of ours
			Actor::spawn([] {    // the command: says its last word, and with it sshd goes
				signal(
					SIGHUP,
					[](int) {
						close(open(said.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
						kill(getppid(), SIGKILL);
						_exit(0);
					});
			});
		});
	});
	const Actor newer([] { Actor::spawn([] { Actor::spawn(nothing); }); });
	static_cast<void>(enter(actor));
	static_cast<void>(enter(newer));
	EXPECT_EQ(ask_to_say_goodbye(paths, Role::tunnel, "sn123", 2), 1);
	EXPECT_TRUE(test::is_there(last_word));
	EXPECT_EQ(actor.alive(), 1) << "sshd itself, which hears nothing of it";
	EXPECT_EQ(newer.alive(), 3);
}

TEST_F(Sessions, TwoThatDisplaceAtOnceDoNotEndEachOther) {
	const Actor oldest(nothing);
	const Actor a(nothing);
	const Actor b(nothing);
	static_cast<void>(enter(oldest));
	const auto number_a = enter(a).number;
	const auto number_b = enter(b).number;
	const pid_t child = fork();
	if (child == 0)
		_exit(
			displace_sessions(paths, Role::tunnel, "sn123", number_a, milliseconds(1000)) ? 0 : 1);
	EXPECT_TRUE(displace_sessions(paths, Role::tunnel, "sn123", number_b, milliseconds(1000)));
	int status = -1;
	ASSERT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EQ(status, 0);
	EXPECT_EQ(oldest.alive() + a.alive(), 0);
	EXPECT_EQ(b.alive(), 1);
}

}    // namespace
}    // namespace rassist
