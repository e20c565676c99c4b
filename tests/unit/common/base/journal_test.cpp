#include "common/base/journal.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <cerrno>
#include <set>
#include <stdexcept>

namespace rassist {
namespace {

bool has_line(const JournalEntry& entry, const std::string& line) {
	return ("\n" + entry.datagram()).find("\n" + line + "\n") != std::string::npos;
}

TEST(Journal, EntryHasItsFields) {
	JournalEntry entry("rassist-agent", Priority::warning, message::kTunnelUp, "the tunnel is up");
	entry.field("RASSIST_SERIAL", "sn123").field("RASSIST_WINDOW", "");
	for (const std::string& line : {std::string("MESSAGE=the tunnel is up"),
			 std::string("PRIORITY=4"), std::string("SYSLOG_IDENTIFIER=rassist-agent"),
			 std::string("SYSLOG_FACILITY=10"), "SYSLOG_PID=" + std::to_string(::getpid()),
			 "MESSAGE_ID=" + std::string(message::kTunnelUp), std::string("RASSIST_SERIAL=sn123")})
		EXPECT_TRUE(has_line(entry, line)) << line;
	EXPECT_EQ(entry.datagram().find("RASSIST_WINDOW"), std::string::npos)
		<< "an empty value is left out";
	EXPECT_EQ(JournalEntry("p", Priority::info, "", "x").datagram().find("MESSAGE_ID"),
		std::string::npos);
}

TEST(Journal, NobodySlipsAFieldIn) {
	const JournalEntry sentence("p", Priority::info, "", "bad\nMESSAGE_ID=forged\x1b");
	EXPECT_TRUE(has_line(sentence, "MESSAGE=bad\\x0aMESSAGE_ID=forged\\x1b"));
	JournalEntry value("p", Priority::info, "", "x");
	value.field("RASSIST_REASON", "two\nlines");
	const std::string binary =
		std::string("RASSIST_REASON\n\x09\0\0\0\0\0\0\0", 23) + "two\nlines\n";
	EXPECT_TRUE(value.datagram().ends_with(binary)) << "the binary form, with its length";
}

TEST(Journal, LongSentenceIsCutBetweenCharacters) {
	const JournalEntry plain("p", Priority::info, "", std::string(5000, 'x'));
	EXPECT_TRUE(has_line(plain, "MESSAGE=" + std::string(2048, 'x')));
	const JournalEntry umlaut("p", Priority::info, "", std::string(2047, 'x') + "\xc3\xa4");
	EXPECT_TRUE(has_line(umlaut, "MESSAGE=" + std::string(2047, 'x')));
}

TEST(Journal, FieldNamesAreOurs) {
	JournalEntry entry("p", Priority::info, "", "x");
	for (const char* bad : {"", "lower", "WITH BLANK", "A=B", "A\nB", "_PID", "1A"})
		EXPECT_THROW(entry.field(bad, "x"), std::logic_error) << bad;
}

TEST(Journal, MessageIdsDiffer) {
	const std::set<std::string_view> ids{message::kLoginAllowed, message::kLoginRefused,
		message::kSessionStarted, message::kSessionEnded, message::kWindowOpened,
		message::kWindowChanged, message::kWindowClosed, message::kWrongCode, message::kEnrolled,
		message::kEnrolRefused, message::kTunnelUp, message::kTunnelDown, message::kActivated,
		message::kDisplaced, message::kRecordRefused, message::kSessionCut, message::kKeyUnknown,
		message::kPublished, message::kNotPublished, message::kGuardLoaded};
	EXPECT_EQ(ids.size(), 20U);
	for (const std::string_view id : ids) {
		EXPECT_EQ(id.size(), 32U);
		EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string_view::npos);
	}
}

}    // namespace
}    // namespace rassist
