// The agent's status record, its sentence, and its tunnel key.
#include "common/records/agent_status.hpp"
#include "common/system/files.hpp"
#include "rassist-agent/report.hpp"
#include "rassist-agent/tunnel_key.hpp"
#include "tests/unit/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

namespace rassist::agent {
namespace {

using namespace std::chrono_literals;
using test::TemporaryFolder;

Id id_of(std::string_view text) { return Id::parse(text).value(); }

AgentStatus full() {
	AgentStatus status;
	status.state = AgentState::waiting;
	status.window = "w0w0w0w0w0";
	status.relay = "[2001:db8::10]:443";
	status.relay_name = "relay1";
	status.address = "127.64.0.1";
	status.since = 1'800'000'000;
	status.until = 1'800'003'600;
	status.trouble = Trouble::unreachable;
	status.last_error = "relay [2001:db8::10]:443 refuses the connection";
	status.attempt = "a0a0a0a0a0";
	status.next_try = 1'800'000'010;
	return status;
}

TEST(AgentStatusRecord, ReadsWhatItWrote) {
	const AgentStatus status = full();
	const auto read = parse_agent_status(format_agent_status(status), "status");
	ASSERT_TRUE(read) << read.error().what;
	EXPECT_EQ(format_agent_status(*read), format_agent_status(status));
	EXPECT_EQ(read->last_error, status.last_error);
	EXPECT_EQ(read->next_try, status.next_try);
}

TEST(AgentStatusRecord, ReadsEachStateAndTrouble) {
	for (int state = 0; state <= static_cast<int>(AgentState::ended); ++state) {
		for (int trouble = 0; trouble <= static_cast<int>(Trouble::local); ++trouble) {
			AgentStatus status;
			status.state = static_cast<AgentState>(state);
			status.trouble = static_cast<Trouble>(trouble);
			const auto read = parse_agent_status(format_agent_status(status), "status");
			ASSERT_TRUE(read) << read.error().what;
			EXPECT_EQ(read->state, status.state);
			EXPECT_EQ(read->trouble, status.trouble);
		}
	}
}

TEST(AgentStatusRecord, ReadsBackAnySentenceAnErrorMayHave) {
	for (const std::string_view odd :
		{"a ; b", "a\nb", " [x] ", "# x", "= y", "\"x\" \\x1b …", "a\tb"}) {
		AgentStatus status = full();
		status.last_error = "x: " + std::string(odd) + std::string(600, 'y') + " z";
		const auto read = parse_agent_status(format_agent_status(status), "status");
		ASSERT_TRUE(read) << read.error().what;
		EXPECT_NE(read->last_error.find("yyy z"), std::string::npos);
	}
}

TEST(AgentStatusRecord, RefusesWhatItDoesNotKnow) {
	const std::string good = format_agent_status(full());
	for (const auto& [from, to] : {std::pair{"state = waiting", "state = sleeping"},
			 std::pair{"error-kind = unreachable", "error-kind = mood"},
			 std::pair{"version = 1", "version = 2"}, std::pair{"since = 1800000000", "since = -1"},
			 std::pair{"attempt =", "attemqt ="}}) {
		std::string text = good;
		text.replace(text.find(from), std::string_view(from).size(), to);
		EXPECT_FALSE(parse_agent_status(text, "status")) << to;
	}
}

TEST(AgentStatusRecord, IsBelievedOfTheAgentAlone) {
	const TemporaryFolder folder;
	Paths paths;
	paths.agent_run = folder.path();
	const auto missing = load_agent_status(paths, ::geteuid());
	ASSERT_FALSE(missing);
	EXPECT_EQ(missing.error().code, Fault::not_found);
	test::spill(paths.agent_status(), format_agent_status(full()));
	EXPECT_TRUE(load_agent_status(paths, ::geteuid()));
	const auto strange = load_agent_status(paths, ::geteuid() + 1);
	ASSERT_FALSE(strange);
	EXPECT_EQ(strange.error().code, Fault::untrusted);
}

TEST(AgentReport, TurnsBootTimesIntoWallTimes) {
	SupervisorView view;
	view.state = SupervisorState::waiting;
	view.endpoint = {"r", 443};
	view.since = 90s;
	view.next_try = Time(110s);
	view.until = Time(3700s);
	Now now;
	now.wall = 1'800'000'000;
	const AgentStatus status = status_of(view, id_of("w0w0w0w0w0"), now, 100s);
	EXPECT_EQ(status.since, 1'799'999'990);
	EXPECT_EQ(status.next_try, 1'800'000'010);
	EXPECT_EQ(status.until, 1'800'003'600);
	EXPECT_EQ(status.relay, "r:443");
}

TEST(AgentReport, SaysPlainlyWhatIsGoingOn) {
	AgentStatus status = full();
	EXPECT_EQ(sentence_of(status), "No tunnel: relay [2001:db8::10]:443 refuses the connection; "
								   "tries again at 2027-01-15T08:00:10Z");
	status.state = AgentState::up;
	status.last_error.clear();
	EXPECT_EQ(sentence_of(status),
		"Tunnel is up to relay [2001:db8::10]:443, where this device is 127.64.0.1");
}

class AgentTunnelKey : public testing::Test {
protected:
	AgentTunnelKey() { paths.agent_run = folder.path(); }
	TunnelKey key(std::string_view window) {
		return load_or_make_tunnel_key(paths, id_of(window)).value();
	}

	TemporaryFolder folder;
	Paths paths;
};

TEST_F(AgentTunnelKey, IsTheSameWithinAWindow) {
	const TunnelKey first = key("w0w0w0w0w0");
	const std::string file = test::contents(first.file);
	EXPECT_EQ(key("w0w0w0w0w0").key.str(), first.key.str());
	EXPECT_EQ(test::contents(first.file), file);
}

TEST_F(AgentTunnelKey, IsAnotherOneInAnotherWindowAndOverwritesTheFormer) {
	const TunnelKey first = key("w0w0w0w0w0");
	const std::string file = test::contents(first.file);
	const TunnelKey second = key("x0x0x0x0x0");
	EXPECT_EQ(second.file, first.file);
	EXPECT_NE(second.key.str(), first.key.str());
	EXPECT_NE(test::contents(second.file), file);
	EXPECT_NE(key("w0w0w0w0w0").key.str(), first.key.str())
		<< "a window that comes back does not bring its key back";
}

TEST_F(AgentTunnelKey, IsForTheAgentsEyesAlone) {
	const ::mode_t before = ::umask(0);
	const TunnelKey made = key("w0w0w0w0w0");
	::umask(before);
	struct stat file {};
	ASSERT_EQ(::stat(made.file.c_str(), &file), 0);
	EXPECT_EQ(file.st_mode & 07777, 0600U);
}

TEST_F(AgentTunnelKey, IsMadeAnewWhereAnythingAboutItIsOdd) {
	struct Case {
		std::string_view what;
		void (*harm)(const std::string& file);
	};
	for (const Case& one :
		{Case{"readable by others",
			 [](const std::string& file) { ASSERT_EQ(::chmod(file.c_str(), 0644), 0); }},
			Case{"private half missing",
				[](const std::string& file) { ASSERT_EQ(::unlink(file.c_str()), 0); }},
			Case{"note missing",
				[](const std::string& file) {
					ASSERT_EQ(::unlink((file + ".window").c_str()), 0);
				}},
			Case{"note is garbage",
				[](const std::string& file) { test::spill(file + ".window", "garbage", 0600); }}}) {
		const TunnelKey first = key("w0w0w0w0w0");
		one.harm(first.file);
		EXPECT_NE(key("w0w0w0w0w0").key.str(), first.key.str()) << one.what;
	}
}

}    // namespace
}    // namespace rassist::agent
