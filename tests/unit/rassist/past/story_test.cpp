// why: what belongs to the story of an attempt.
#include "common/base/journal.hpp"
#include "common/base/parse.hpp"
#include "rassist/past/story.hpp"
#include "tests/unit/rassist/past/played_journal.hpp"
#include "tests/unit/rassist/relay/relay_world.hpp"

#include <gtest/gtest.h>

#include <sysexits.h>

namespace rassist::cli::test {
namespace {

class CliStory : public testing::Test {
protected:
	CliStory() { world.context.journal = journal.source(); }
	RelayWorld world;
	PlayedJournal journal;
};

TEST_F(CliStory, TheStoryOfAnAttemptHasItsConnectionsAndWhatSshdSaid) {
	// an enrolment, carried by one connection; sshd 50 serves it
	journal.add(90, "", {{"_PID", "50"}, {"SYSLOG_IDENTIFIER", "rassist-relay"}});
	journal.add(95, message::kKeyUnknown, {{"RASSIST_ID", "cccccccccc"}, {"RASSIST_SSHD", "50"}});
	journal.add(96, "", {{"_PID", "51"}, {"SYSLOG_IDENTIFIER", "rassist-relay"}});
	journal.add(100, message::kEnrolRefused,
		{{"RASSIST_ID", "aaaaaaaaaa"}, {"RASSIST_CONNECTION", "cccccccccc"}, {"RASSIST_SSHD", "50"},
			{"RASSIST_WINDOW", "wwwwwwwwww"}, {"SYSLOG_IDENTIFIER", "rassist-enroll"}});
	journal.add(
		200, message::kEnrolled, {{"RASSIST_ID", "bbbbbbbbbb"}, {"RASSIST_WINDOW", "wwwwwwwwww"}});
	journal.add(300, "", {{"_PID", "50"}, {"SYSLOG_IDENTIFIER", "somebody else by now"}});
	const auto story = [&](const char* id) {
		std::string text;
		const auto events = collect_story(world.context.journal, *Id::parse(id));
		for (const JournalEvent& event : events.value())
			text += event.cursor;
		return text;
	};
	EXPECT_EQ(story("aaaaaaaaaa"), "013");
	EXPECT_EQ(story("cccccccccc"), "013") << "the same, asked for by the connection";
	EXPECT_EQ(story("wwwwwwwwww"), "34") << "a window's";
	EXPECT_EQ(story("0000000000"), "");
	ASSERT_EQ(world.run({"why", "aaaaaaaaaa"}), EX_OK);
	EXPECT_TRUE(world.says("rassist why wwwwwwwwww") && world.says("under the same id"))
		<< world.out.str();
	ASSERT_EQ(world.run({"why", "--json"}), EX_OK);
	EXPECT_EQ(json_array_size(world.json().get()), 1U) << "the last refusals";
}

}    // namespace
}    // namespace rassist::cli::test
