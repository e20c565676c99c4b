// status: what everybody is told of the window.
#include "common/records/agent_status.hpp"
#include "tests/unit/rassist/device/device_world.hpp"

#include <sysexits.h>

namespace rassist::cli::test {
namespace {

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

}    // namespace
}    // namespace rassist::cli::test
