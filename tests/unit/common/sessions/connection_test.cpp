#include "common/sessions/connection.hpp"

#include "common/sessions/session_entry.hpp"

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

namespace rassist {
namespace {

TEST(Connection, HasOneIdForAllThatBelongToItsProcess) {
	const Connection own = Connection::of(getpid());
	ASSERT_TRUE(own.id);
	EXPECT_EQ(own.id, Connection::of(getpid()).id);
	EXPECT_NE(own.id, Connection::of(getppid()).id);
	// what sshd's unprivileged process, our child, runs: its parent's parent is we
	const pid_t unprivileged = fork();
	if (unprivileged == 0) {
		const pid_t command = fork();
		if (command == 0)
			_exit(Connection::of_command().id == own.id ? 0 : 1);
		int status = 1;
		waitpid(command, &status, 0);
		_exit(WEXITSTATUS(status));
	}
	int status = 1;
	waitpid(unprivileged, &status, 0);
	EXPECT_EQ(status, 0);
}

TEST(Connection, OfAProcessThatIsGoneTellsNothing) {
	const pid_t child = fork();
	if (child == 0)
		_exit(0);
	waitpid(child, nullptr, 0);
	const Connection gone = Connection::of(child);
	EXPECT_FALSE(gone.id);
	JournalEntry entry("p", Priority::info, "", "x");
	const std::string before = entry.datagram();
	gone.tell(entry);
	EXPECT_EQ(entry.datagram(), before);
}

TEST(Connection, IsToldWithItsProcess) {
	JournalEntry entry("p", Priority::info, "", "x");
	const Connection own = Connection::of(getpid());
	own.tell(entry, "RASSIST_CONNECTION");
	EXPECT_NE(
		entry.datagram().find("RASSIST_CONNECTION=" + own.id->str() + "\n"), std::string::npos);
	EXPECT_NE(entry.datagram().find("RASSIST_SSHD=" + std::to_string(getpid()) + "\n"),
		std::string::npos);
}

TEST(SessionEntry, OfAnEndSaysHowLongAndWhy) {
	Session session;
	session.role = Role::staff;
	session.subject = "sam";
	session.number = 3;
	session.pid = 77;
	session.key = "SHA256:x";
	session.from = "203.0.113.20 5022";
	session.since = 1000;
	const std::string text =
		make_session_end_entry("p", session, 1065, "the connection was closed").datagram();
	for (const std::string line :
		{"MESSAGE=staff session 3 of sam ended after 1m 5s: the connection was closed",
			"RASSIST_DURATION=65", "RASSIST_SUBJECT=sam",
			"RASSIST_REASON=the connection was closed", "RASSIST_SSHD=77",
			"RASSIST_FINGERPRINT=SHA256:x"})
		EXPECT_NE(text.find(line + "\n"), std::string::npos) << line;
	EXPECT_NE(text.find(message::kSessionEnded), std::string::npos);
	EXPECT_NE(make_session_end_entry("p", session, 10, "x").datagram().find("RASSIST_DURATION=0\n"),
		std::string::npos)
		<< "a clock set back";
}

}    // namespace
}    // namespace rassist
