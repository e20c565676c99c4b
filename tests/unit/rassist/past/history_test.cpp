// why and history: what they make of a journal.
#include "rassist/past/history_builder.hpp"
#include "rassist/past/story.hpp"
#include "tests/unit/rassist/relay/relay_world.hpp"

#include "common/base/journal.hpp"
#include "common/base/parse.hpp"

#include <gtest/gtest.h>

#include <sysexits.h>

#include <algorithm>

namespace rassist::cli::test {
namespace {

constexpr std::int64_t kSecond = 1'000'000;

/// A journal of entries in the order of their time, read as sd-journal reads: groups, since, until,
/// both ways.
class PlayedJournal {
public:
	JournalEvent& add(
		std::int64_t at, std::string_view id, std::map<std::string, std::string> fields) {
		fields.insert({{"MESSAGE_ID", std::string(id)}, {"_BOOT_ID", "b"},
			{"MESSAGE", "entry " + std::to_string(events_.size())}});
		fields.try_emplace("SYSLOG_IDENTIFIER", "pam_rassist");
		events_.push_back({at * kSecond, std::move(fields), std::to_string(events_.size())});
		return events_.back();
	}
	JournalSource source() {
		return {[this](const JournalQuery& query, const JournalSink& sink) -> Status {
					auto events = events_;
					if (query.newest_first)
						std::ranges::reverse(events);
					for (const JournalEvent& event : events) {
						++looked_at;
						if (wanted(query, event) && !sink(event))
							break;
					}
					return Done{};
				},
			[this] { return kept; }};
	}
	bool kept = true;
	int looked_at = 0;

private:
	static bool wanted(const JournalQuery& query, const JournalEvent& event) {
		if ((query.since && event.at < *query.since) || (query.until && event.at > *query.until))
			return false;
		return std::ranges::any_of(query.groups, [&](const auto& group) {
			std::map<std::string, bool> fields;
			for (const std::string& field : group) {
				const auto end = field.find('=');
				fields[field.substr(0, end)] |=
					event.get(field.substr(0, end)) == field.substr(end + 1);
			}
			return std::ranges::all_of(fields, [](const auto& field) { return field.second; });
		});
	}
	std::vector<JournalEvent> events_;
};

class CliHistory : public testing::Test {
protected:
	CliHistory() { world.context.journal = journal.source(); }
	std::map<std::string, std::string> session(const std::string& role, const std::string& id) {
		return {{"RASSIST_ROLE", role}, {"RASSIST_ID", id},
			{role == "staff" ? "RASSIST_SUBJECT" : "RASSIST_SERIAL",
				role == "staff" ? "sam" : "sn1"},
			{"RASSIST_FROM", "203.0.113.20 1"}, {"RASSIST_FINGERPRINT", "SHA256:k"}};
	}
	void ended(std::int64_t at, const std::string& role, const std::string& id,
		const std::string& why, int lasted) {
		auto fields = session(role, id);
		fields.insert({{"RASSIST_REASON", why}, {"RASSIST_DURATION", std::to_string(lasted)}});
		journal.add(at, message::kSessionEnded, fields);
	}
	/// "what who state why" of each row
	std::vector<std::string> rows(const std::vector<std::string>& words = {"history", "--json"}) {
		EXPECT_EQ(world.run(words), EX_OK) << world.err.str();
		const auto json = world.json();
		std::vector<std::string> lines;
		for (std::size_t i = 0; i < json_array_size(json.get()); ++i) {
			std::string line;
			for (const char* key : {"what", "who", "state", "why"}) {
				const char* value =
					json_string_value(json_object_get(json_array_get(json.get(), i), key));
				line += (line.empty() ? "" : " ") + std::string(value == nullptr ? "-" : value);
			}
			lines.push_back(line);
		}
		return lines;
	}
	using Lines = std::vector<std::string>;
	RelayWorld world;
	PlayedJournal journal;
};

TEST_F(CliHistory, PutsBeginningAndEndTogetherNewestFirst) {
	journal.add(
		100, message::kWindowOpened, {{"RASSIST_SERIAL", "sn1"}, {"RASSIST_WINDOW", "wwwwwwwwww"}});
	journal.add(110, message::kSessionStarted, session("assist", "aaaaaaaaaa"));
	journal.add(120, message::kSessionStarted, session("staff", "bbbbbbbbbb"));
	journal.add(130, message::kSessionStarted, session("tunnel", "cccccccccc"));
	ended(140, "staff", "bbbbbbbbbb", "the connection was closed", 20);
	ended(150, "assist", "aaaaaaaaaa", "the window ended", 40);
	journal.add(150, message::kWindowClosed,
		{{"RASSIST_SERIAL", "sn1"}, {"RASSIST_WINDOW", "wwwwwwwwww"},
			{"RASSIST_REASON", "its time was over"}});
	EXPECT_EQ(
		rows(), (Lines{"session sam ended the connection was closed",
					"session sn1 ended the window ended", "window sn1 ended its time was over"}));
	EXPECT_EQ(
		rows({"history", "sam", "--json"}), (Lines{"session sam ended the connection was closed"}));
	EXPECT_EQ(rows({"history", "--limit", "1", "--json"}).size(), 1U);
	EXPECT_EQ(rows({"history", "--since", "1970-01-01T00:02:05Z", "--json"}),
		(Lines{
			"session sam ended the connection was closed", "session sn1 ended the window ended"}))
		<< "what began before and ended since";
	ASSERT_EQ(world.run({"history"}), EX_OK);
	EXPECT_TRUE(world.says("session  sam") && world.says("20s") &&
				world.says("from 203.0.113.20 1, key SHA256:k"))
		<< world.out.str();
}

TEST_F(CliHistory, WhoCutASessionKnowsWhy) {
	journal.add(100, message::kSessionStarted, session("staff", "bbbbbbbbbb"));
	auto cut = session("staff", "bbbbbbbbbb");
	cut["RASSIST_REASON"] = "its key has expired";
	journal.add(110, message::kSessionCut, cut);
	ended(111, "staff", "bbbbbbbbbb", "the connection was closed", 11);
	EXPECT_EQ(rows(), (Lines{"session sam ended its key has expired"}));
}

TEST_F(CliHistory, WhatHasNoEndIsLiveOrUnknown) {
	journal.add(100, message::kSessionStarted, session("staff", "bbbbbbbbbb"));
	world.add_device("sn1");
	const UniqueFd up = world.tunnel("sn1");
	const std::map<std::string, std::string> tunnel{
		{"RASSIST_SERIAL", "sn1"}, {"SYSLOG_IDENTIFIER", "rassist-hold"}};
	for (const char* id : {"cccccccccc", "dddddddddd"}) {
		auto fields = tunnel;
		fields["RASSIST_ID"] = id;
		journal.add(110, message::kTunnelUp, fields);
	}
	auto login = world.login(Role::staff, "ann", sample_key(1));
	auto fields = session("staff", login.session.id.str());
	journal.add(120, message::kSessionStarted, fields);
	EXPECT_EQ(rows(), (Lines{"session sam live -", "tunnel sn1 live -", "tunnel sn1 unknown -",
						  "session sam unknown -"}));
}

TEST_F(CliHistory, StopsReadingWhenThereIsEnough) {
	for (int i = 0; i < 1000; ++i)
		journal.add(100 + i, message::kSessionStarted, session("staff", "bbbbbbbbbb"));
	journal.looked_at = 0;
	EXPECT_EQ(rows({"history", "--limit", "3", "--json"}).size(), 3U);
	EXPECT_EQ(journal.looked_at, 3);
}

TEST_F(CliHistory, SaysWhereTheJournalForgets) {
	EXPECT_EQ(world.run({"history"}), EX_OK);
	EXPECT_FALSE(world.complains("in memory alone"));
	journal.kept = false;
	EXPECT_EQ(world.run({"history"}), EX_OK);
	EXPECT_TRUE(world.complains("in memory alone"));
	EXPECT_TRUE(world.says("Nothing of it"));
	EXPECT_EQ(world.run({"why", "0123456789"}), EX_NOINPUT);
	EXPECT_TRUE(world.complains("in memory alone"));
}

TEST_F(CliHistory, RefusesWhatIsNoTimeNumberNameOrId) {
	for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
			 {"history", "--since", "yesterday"}, {"history", "--since", "2026-11-21x"},
			 {"history", "--limit", "0"}, {"history", "--limit", "many"}, {"history", "../x"},
			 {"why", "not-an-id"}, {"why", "0123456789", "x"}})
		EXPECT_EQ(world.run(words), EX_USAGE) << words.back();
}

TEST_F(CliHistory, TheStoryOfAnAttemptHasItsConnectionsAndWhatSshdSaid) {
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
