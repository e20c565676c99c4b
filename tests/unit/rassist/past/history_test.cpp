// history: what it makes of a journal; and what both it and why refuse.
#include "common/base/journal.hpp"
#include "tests/unit/rassist/past/played_journal.hpp"
#include "tests/unit/rassist/relay/relay_world.hpp"

#include <gtest/gtest.h>

#include <sysexits.h>

namespace rassist::cli::test {
namespace {

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

}    // namespace
}    // namespace rassist::cli::test
