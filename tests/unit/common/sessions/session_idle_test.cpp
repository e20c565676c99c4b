// The folders of those who have been away for long.
#include "common/sessions/session.hpp"

#include "common/system/files_write.hpp"
#include "common/system/process.hpp"
#include "tests/unit/against_lock.hpp"
#include "tests/unit/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <string>

namespace rassist {
namespace {

using test::is_there;
using test::spill;

class IdleSessions : public testing::Test {
protected:
	[[nodiscard]] Result<Session> enter(const std::string& subject) const {
		return register_session(paths, {.role = Role::tunnel,
										   .subject = subject,
										   .pid = getpid(),
										   .started = *read_process_start(getpid()),
										   .key = "typed code",
										   .from = "192.0.2.1 50000",
										   .since = 1'790'000'000,
										   .window = {}});
	}
	void left(const std::string& subject) const {
		ASSERT_TRUE(forget_session(paths, *enter(subject)));
	}
	/// Nobody has come or gone there for an hour and a second.
	void age(const std::string& subject) const {
		const std::time_t then = std::time(nullptr) - 3601;
		const timespec times[2]{{then, 0}, {then, 0}};
		ASSERT_EQ(utimensat(AT_FDCWD, of(subject).c_str(), times, 0), 0);
	}
	/// As a tidy at the same time would.
	void vanish(const std::string& subject) const {
		ASSERT_TRUE(remove_file(of(subject) + "/.lock"));
		ASSERT_EQ(rmdir(of(subject).c_str()), 0);
	}
	[[nodiscard]] std::string of(const std::string& subject) const {
		return paths.sessions() + "/tunnel." + subject;
	}
	[[nodiscard]] int tidied() const {
		const auto removed = remove_idle_sessions(paths, std::time(nullptr) - 3600);
		return removed ? *removed : -1;
	}

	const test::TemporaryFolder folder;
	const Paths paths{.run = folder.path()};
};

TEST_F(IdleSessions, GoWithTheirLockAndWhatAWriterLeft) {
	left("sn1");
	spill(of("sn1") + "/.tmp.0123456789abcdef", "");
	age("sn1");
	EXPECT_EQ(tidied(), 1);
	EXPECT_FALSE(is_there(of("sn1")));
	EXPECT_EQ(tidied(), 0);
	EXPECT_EQ(enter("sn1")->number, 1) << "and come again";
}

TEST_F(IdleSessions, StayWhereSomebodyIsOrWasOrWhatIsThereIsNotUnderstood) {
	ASSERT_TRUE(enter("here"));
	age("here");
	left("now");
	left("damaged");
	spill(of("damaged") + "/1", "garbage");
	age("damaged");
	EXPECT_EQ(tidied(), 0);
	for (const char* subject : {"here", "now", "damaged"})
		EXPECT_TRUE(is_there(of(subject) + "/.lock")) << subject;
}

TEST_F(IdleSessions, AreMadeAnewForWhoWaitedForTheLock) {
	left("sn1");
	const auto newcomer = test::against_lock(
		*Folder::open(of("sn1")), ".lock", [&] { return enter("sn1") ? 0 : 1; },
		[&] { vanish("sn1"); });
	EXPECT_TRUE(newcomer.waited);
	EXPECT_EQ(newcomer.status, 0);
	EXPECT_TRUE(is_there(of("sn1") + "/1"));
}

TEST_F(IdleSessions, AreNotTakenFromWhoComesInBetween) {
	left("sn1");
	age("sn1");
	const auto tidying = test::against_lock(
		*Folder::open(of("sn1")), ".lock", [&] { return tidied(); },
		[&] { spill(of("sn1") + "/7", "somebody"); });
	EXPECT_TRUE(tidying.waited);
	EXPECT_EQ(tidying.status, 0);
	EXPECT_TRUE(is_there(of("sn1") + "/7") && is_there(of("sn1") + "/.lock"));
}

TEST_F(IdleSessions, AreNoErrorForWhoLooksWhileTheyGo) {
	left("sn1");
	const auto sweeping = test::against_lock(
		*Folder::open(of("sn1")), ".lock",
		[&] { return sweep_sessions(paths, Role::tunnel, "sn1") ? 0 : 1; }, [&] { vanish("sn1"); });
	EXPECT_TRUE(sweeping.waited);
	EXPECT_EQ(sweeping.status, 0);
	EXPECT_FALSE(is_there(of("sn1")));
}

}    // namespace
}    // namespace rassist
