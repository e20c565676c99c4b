// The customer's verbs, with a systemd that is played: the window's record is what the unit would
// have left.
#include "tests/unit/rassist/frame/cli_world.hpp"

#include "common/system/files.hpp"

#include "common/records/agent_status.hpp"
#include "common/records/config.hpp"
#include "common/records/window.hpp"
#include "common/records/window_request.hpp"
#include "common/sessions/session.hpp"
#include "common/system/files_write.hpp"
#include "common/system/run.hpp"

#include <gtest/gtest.h>

#include <sysexits.h>

#include <algorithm>

namespace rassist::cli::test {
namespace {

using namespace std::chrono_literals;
using Words = std::vector<std::string>;

const std::string kUnit = "rassist-agent.service";

class CliDevice : public testing::Test {
protected:
	CliDevice() {
		spill(world.paths.config(), "[device]\nserial = sn123\nrelays = relay.example.com:2222\n");
		world.program = [this](const Words& argv, std::string_view) { return systemd(argv); };
	}

	/// The unit's work, as far as the command line sees it.
	Finished systemd(const Words& argv) {
		const std::string& word = argv.at(argv.size() - 2);
		if (argv[0] == "/usr/bin/journalctl")
			return {0, "a window of 9h is too long\nat most 8h\n", ""};
		if (argv[1] == "show")
			return {0, unit_result, ""};
		if (unit_fails)
			return {1, "", "Job for rassist-agent.service failed.\n"};
		if (word == "start") {
			open(asked(WindowRequest::Change::open).value_or(1h));
		} else if (word == "stop" && argv[1] != "--no-block") {
			EXPECT_TRUE(remove_file(world.paths.window()));
		} else if (word == "reload") {
			++revision;
			open(asked(WindowRequest::Change::extend).value_or(1s));
		}
		return {};
	}
	std::optional<std::chrono::seconds> asked(WindowRequest::Change verb) {
		const auto request = take_window_request(world.paths, verb, *read_clocks(), geteuid());
		EXPECT_FALSE(request.failed()) << request.error().what;
		return request.found() ? std::optional(request->length) : std::nullopt;
	}
	void open(std::chrono::seconds length) {
		const Now clock = *read_clocks();
		const Window window{*Id::parse("0123456789"), *Serial::parse("sn123"), 7, clock.wall,
			Deadline::after(length, clock), revision,
			*Fingerprint::parse("SHA256:" + std::string(42, 'l') + "g"),
			*Fingerprint::parse(host_key)};
		spill(world.paths.window(), format_window(window));
		code = std::string(Code::random().written().text());
		ASSERT_TRUE(make_folder(world.paths.secret(), 0700));
		spill(world.paths.code(), code + "\n", 0600);
	}
	[[nodiscard]] Words systemctl() const {
		Words all;
		for (const Words& argv : world.ran) {
			if (argv[0] == "/usr/bin/systemctl") {
				EXPECT_EQ(argv.back(), kUnit);
				all.push_back(
					argv.at(argv.size() - 2) + (argv[1] == "--no-block" ? " --no-block" : ""));
			}
		}
		return all;
	}
	[[nodiscard]] bool says(std::string_view text) const {
		return world.out.str().find(text) != std::string::npos;
	}
	[[nodiscard]] bool complains(std::string_view text) const {
		return world.err.str().find(text) != std::string::npos;
	}

	World world;
	const std::string host_key = "SHA256:" + std::string(42, 'h') + "g";
	std::string code;
	int revision = 0;
	bool unit_fails = false;
	std::string unit_result = "exit-code\nsuccess\n";
};

TEST_F(CliDevice, OpensByTheUnitAndSaysTheFingerprintBeforeTheCode) {
	ASSERT_EQ(world.run({"open"}), EX_OK) << world.err.str();
	EXPECT_EQ(systemctl(), Words{"start"});
	const std::string text = world.out.str();
	ASSERT_TRUE(says(host_key));
	ASSERT_TRUE(says(code));
	EXPECT_LT(text.find(host_key), text.find(code));
	EXPECT_TRUE(says("rassist key sn123"));
	EXPECT_TRUE(says("ssh -o UserKnownHostsFile=/dev/null -J "
					 "rassist-support@relay.example.com:2222 -p 10022 rassist@sn123.rassist"));
	EXPECT_TRUE(says("1h left") || says("59m 59s left")) << text;
}

TEST_F(CliDevice, AsksForTheLengthByTheRequest) {
	ASSERT_EQ(world.run({"open", "--for", "2h"}), EX_OK) << world.err.str();
	EXPECT_TRUE(says("2h left") || says("1h 59m left")) << world.out.str();
	EXPECT_FALSE(is_there(world.paths.request()));
}

TEST_F(CliDevice, LeavesNoLengthBehindForAWindowThatAsksForNone) {
	ASSERT_TRUE(write_window_request(world.paths, WindowRequest::Change::open, 8h, *read_clocks()));
	ASSERT_EQ(world.run({"open"}), EX_OK);
	EXPECT_TRUE(says("1h left") || says("59m 59s left")) << world.out.str();
}

TEST_F(CliDevice, ChangesNothingAboutAnOpenWindow) {
	open(1h);
	EXPECT_EQ(world.run({"open"}), EX_OK);
	EXPECT_TRUE(says("open already, until"));
	EXPECT_EQ(world.run({"open", "--for", "2h"}), EX_TEMPFAIL);
	EXPECT_TRUE(complains("rassist extend --for 2h"));
	EXPECT_TRUE(world.ran.empty());
	EXPECT_FALSE(is_there(world.paths.request()));
}

TEST_F(CliDevice, SaysWhatTheUnitSaidWhereItFails) {
	unit_fails = true;
	EXPECT_EQ(world.run({"open", "--for", "9h"}), EX_UNAVAILABLE);
	EXPECT_TRUE(complains("a window of 9h is too long; at most 8h")) << world.err.str();
}

TEST_F(CliDevice, SaysThatTheUnitTookTooLong) {
	unit_fails = true;
	EXPECT_EQ(world.run({"open"}), EX_UNAVAILABLE);
	EXPECT_FALSE(complains("TimeoutStartSec")) << world.err.str();
	for (const char* result : {"timeout\nsuccess\n", "success\ntimeout\n"}) {
		world.err.str("");
		unit_result = result;
		EXPECT_EQ(world.run({"open"}), EX_UNAVAILABLE);
		EXPECT_TRUE(
			complains("failed: it took longer than the unit's TimeoutStartSec; a window of 9h"))
			<< world.err.str();
	}
}

TEST_F(CliDevice, ClosesByPidOneWithoutWaitingFirst) {
	open(1h);
	EXPECT_EQ(world.run({"close"}), EX_OK) << world.err.str();
	EXPECT_EQ(systemctl(), (Words{"stop --no-block", "stop"}));
	EXPECT_TRUE(says("The window is closed. Nobody was logged in."));
	EXPECT_EQ(world.run({"close"}), EX_OK);
	EXPECT_TRUE(says("No window was open."));
}

TEST_F(CliDevice, SaysWhomItCut) {
	open(1h);
	Session session{.role = Role::assist,
		.subject = "sn123",
		.pid = getpid(),
		.started = *read_process_start(getpid()),
		.key = "typed code",
		.from = "tunnel",
		.since = read_clocks()->wall,
		.window = {}};
	ASSERT_TRUE(register_session(world.paths, session));
	EXPECT_EQ(world.run({"close"}), EX_OK);
	EXPECT_TRUE(says("Cut: 1 session.\n  typed code, since ")) << world.out.str();
}

TEST_F(CliDevice, ExtendsAndShortensByReload) {
	open(1h);
	EXPECT_EQ(world.run({"extend", "--for", "5m"}), EX_OK) << world.err.str();
	EXPECT_EQ(systemctl(), Words{"reload"});
	EXPECT_TRUE(says("5m left") || says("4m 59s left")) << world.out.str();
	EXPECT_EQ(world.run({"extend", "--for", "3h"}), EX_OK);
	EXPECT_TRUE(says("3h left") || says("2h 59m left")) << world.out.str();
}

TEST_F(CliDevice, ExtendsNoClosedWindow) {
	EXPECT_EQ(world.run({"extend", "--for", "5m"}), EX_UNAVAILABLE);
	EXPECT_TRUE(complains("rassist open --for 5m"));
	EXPECT_TRUE(world.ran.empty());
}

TEST_F(CliDevice, ShowsTheCodeToRootAlone) {
	open(1h);
	EXPECT_EQ(world.run({"show", "--code"}), EX_OK);
	EXPECT_EQ(world.out.str(), code + "\n");
	// another uid that sees the same records
	world.context.user = geteuid() + 1;
	EXPECT_EQ(world.run({"show"}), EX_OK) << world.err.str();
	EXPECT_FALSE(says(code));
	EXPECT_TRUE(says("sudo rassist show"));
	EXPECT_EQ(world.run({"show", "--json"}), EX_OK);
	const auto json = world.json();
	ASSERT_NE(json, nullptr);
	EXPECT_TRUE(json_is_null(json_object_get(json.get(), "code")));
}

TEST_F(CliDevice, ShowsNothingOfAClosedWindow) {
	for (const Words& words : {Words{"show"}, Words{"show", "--json"}, Words{"show", "--code"}}) {
		EXPECT_EQ(world.run(words), 3);
		EXPECT_EQ(world.out.str(), "");
	}
}

TEST_F(CliDevice, PrintsShowAsJson) {
	open(1h);
	ASSERT_EQ(world.run({"show", "--json"}), EX_OK);
	const auto json = world.json();
	ASSERT_NE(json, nullptr) << world.out.str();
	EXPECT_EQ(
		keys_of(json.get()), "serial window until left host_key login_key code ssh published");
	EXPECT_EQ(json_string_value(json_object_get(json.get(), "code")), code);
	EXPECT_EQ(json_string_value(json_object_get(json.get(), "host_key")), host_key);
}

TEST_F(CliDevice, ExitsWithThreeWhileClosed) {
	EXPECT_EQ(world.run({"status"}), 3);
	EXPECT_EQ(world.out.str(), "Window     closed\n");
	EXPECT_EQ(world.run({"status", "--json"}), 3);
	EXPECT_EQ(world.out.str(), "{\n  \"open\": false\n}\n");
	open(1h);
	EXPECT_EQ(world.run({"status"}), EX_OK);
}

TEST_F(CliDevice, CountsAWindowPastItsEndAsClosed) {
	open(1h);
	Window window = *find_open_window(world.paths, *read_clocks(), geteuid());
	window.deadline.wall = read_clocks()->wall - 1;
	spill(world.paths.window(), format_window(window));
	EXPECT_EQ(world.run({"status"}), 3);
}

TEST_F(CliDevice, TellsOfTunnelSessionsAndWrongCodes) {
	open(1h);
	AgentStatus agent;
	agent.state = AgentState::waiting;
	agent.window = "0123456789";
	agent.relay = "relay.example.com:2222";
	agent.since = 1'790'000'000;
	agent.trouble = Trouble::unreachable;
	agent.last_error = "no route to relay.example.com";
	agent.next_try = 1'790'000'060;
	spill(world.paths.agent_status(), format_agent_status(agent));
	spill(world.paths.wrong_codes(), "2\n", 0600);
	EXPECT_EQ(world.run({"status"}), EX_OK);
	EXPECT_TRUE(says("Tunnel     down since ")) << world.out.str();
	EXPECT_TRUE(says("no route to relay.example.com; next try "));
	EXPECT_TRUE(says("on, 2 of 5 wrong ones so far"));
	ASSERT_EQ(world.run({"status", "--json"}), EX_OK);
	const auto json = world.json();
	ASSERT_NE(json, nullptr) << world.out.str();
	EXPECT_EQ(
		keys_of(json.get()), "open serial window opened until left sessions typed_code tunnel");
	EXPECT_EQ(keys_of(json_object_get(json.get(), "tunnel")),
		"state relay relay_name address published unpublished since until trouble last_error "
		"next_try");
	json_t* typed = json_object_get(json.get(), "typed_code");
	EXPECT_EQ(keys_of(typed), "on allowed_wrong wrong");
	EXPECT_TRUE(json_is_true(json_object_get(typed, "on")));
	EXPECT_EQ(json_integer_value(json_object_get(typed, "wrong")), 2);
}

TEST_F(CliDevice, SaysThatTypedCodesAreOff) {
	open(1h);
	spill(world.paths.wrong_codes(), "5\n", 0600);
	EXPECT_EQ(world.run({"status"}), EX_OK);
	EXPECT_TRUE(says("off for the rest of this window, after 5 wrong ones; the key works"))
		<< world.out.str();
	spill(world.paths.config(),
		"[device]\nserial = sn123\nrelays = relay.example.com\ntyped-code = no\n");
	EXPECT_EQ(world.run({"status"}), EX_OK);
	EXPECT_TRUE(says("off (typed-code in rassist.conf)"));
	spill(world.paths.wrong_codes(), "many\n", 0600);
	EXPECT_EQ(world.run({"status"}), EX_OK);
	EXPECT_TRUE(says("off: the count of wrong ones is broken"));
	spill(world.paths.config(), "typed-code\n");
	EXPECT_EQ(world.run({"status"}), EX_OK);
	EXPECT_TRUE(says("off: the configuration is broken"));
}

TEST_F(CliDevice, BelievesNoStatusOfAnotherWindowsAgent) {
	open(1h);
	AgentStatus agent;
	agent.state = AgentState::up;
	agent.window = "9876543210";
	spill(world.paths.agent_status(), format_agent_status(agent));
	EXPECT_EQ(world.run({"status"}), EX_OK);
	EXPECT_TRUE(says("no agent runs")) << world.out.str();
}

TEST_F(CliDevice, ListsSessionsAsTextAndJson) {
	EXPECT_EQ(world.run({"sessions"}), EX_OK);
	EXPECT_TRUE(says("Nobody is logged in."));
	EXPECT_EQ(world.run({"sessions", "--json"}), EX_OK);
	EXPECT_EQ(world.out.str(), "[]\n");
	Session session{.role = Role::assist,
		.subject = "sn123",
		.pid = getpid(),
		.started = *read_process_start(getpid()),
		.key = "typed code",
		.from = "tunnel",
		.since = 1'790'000'000,
		.window = Id::parse("0123456789").value()};
	ASSERT_TRUE(register_session(world.paths, session));
	EXPECT_EQ(world.run({"sessions"}), EX_OK);
	EXPECT_TRUE(says("assist  sn123"));
	ASSERT_EQ(world.run({"sessions", "--json"}), EX_OK);
	const auto json = world.json();
	ASSERT_EQ(json_array_size(json.get()), 1U) << world.out.str();
	EXPECT_EQ(
		keys_of(json_array_get(json.get(), 0)), "role subject number since key from pid window id");
}

}    // namespace
}    // namespace rassist::cli::test
