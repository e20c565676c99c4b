// What the window's unit writes for sshd, sudo, PID 1 and people.
#include "window/texts.hpp"

#include "common/base/parse_network.hpp"
#include "common/keys/digest.hpp"
#include "tests/unit/sample_key.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rassist::window_unit {
namespace {

constexpr std::int64_t kUntil = 1'795'278'000;    // 2026-11-21 16:20:00 UTC

Config config_with(Reach reach, std::optional<HostPort> http) {
	Config config;
	config.reach = reach;
	config.http = std::move(http);
	return config;
}

Window window_until(std::int64_t until) {
	const Now opened{until - 7200, 1000, "boot"};
	const Fingerprint key = fingerprint_of(test::sample_key(1));
	return {*Id::parse("0123456789"), *Serial::parse("sn123"), 7, opened.wall,
		Deadline::after(std::chrono::seconds(7200), opened), 2, key, key};
}

TEST(WindowDoor, OpensWhatTheConfigReachesAndNothingElse) {
	const std::string ssh = "127.0.0.1:22 localhost:22 [::1]:22";
	const struct {
		Reach reach;
		std::optional<HostPort> http;
		std::string line;
	} cases[] = {
		{Reach::services, HostPort{"127.0.0.1", 80},
			"PermitOpen 127.0.0.1:80 localhost:80 [::1]:80 " + ssh + "\n"},
		{Reach::services, HostPort{"localhost", 8443},
			"PermitOpen 127.0.0.1:8443 localhost:8443 [::1]:8443 " + ssh + "\n"},
		{Reach::services, HostPort{"Plc.Example", 8080},
			"PermitOpen plc.example:8080 " + ssh + "\n"},
		{Reach::services, HostPort{"2001:db8::5", 80}, "PermitOpen [2001:db8::5]:80 " + ssh + "\n"},
		{Reach::services, HostPort{"127.0.0.1", 22}, "PermitOpen " + ssh + "\n"},
		{Reach::services, std::nullopt, "PermitOpen " + ssh + "\n"},
		{Reach::device, HostPort{"plc.example", 8080},
			"PermitOpen 127.0.0.1:* localhost:* [::1]:*\n"},
		{Reach::any, std::nullopt, "PermitOpen any\n"},
	};
	for (const auto& one : cases)
		EXPECT_EQ(format_door_config(reach_of(config_with(one.reach, one.http))), one.line);
}

TEST(WindowDoor, IsShutWhereNothingIsReached) {
	EXPECT_EQ(format_door_config({}), "PermitOpen none\n");
}

TEST(WindowDoor, OneHostWithAnyPortIsNotAnyHost) {
	EXPECT_EQ(format_door_config({HostPort{"plc", 0}}), "PermitOpen plc:*\n");
	EXPECT_EQ(format_door_config({HostPort{"*", 80}}), "PermitOpen *:80\n");
}

TEST(WindowTexts, SudoRightEndsWithTheWindow) {
	EXPECT_EQ(
		format_sudo_rule(kUntil), "rassist ALL=(ALL:ALL) NOTAFTER=20261121162000Z NOPASSWD: ALL\n");
}

TEST(WindowTexts, CalendarTimeIsUtcAndSaysSo) {
	EXPECT_EQ(format_calendar_time(kUntil), "2026-11-21 16:20:00 UTC");
	EXPECT_EQ(format_calendar_time(kUntil + 31), "2026-11-21 16:20:31 UTC");
}

TEST(WindowTexts, EachRevisionHasATimerOfItsOwn) {
	EXPECT_EQ(timer_name_of(window_until(kUntil)), "rassist-deadline@0123456789-2.timer");
}

TEST(WindowTexts, StatusSaysUntilWhenAndForWhom) {
	const Window window = window_until(kUntil);
	EXPECT_EQ(format_open_status(window, {window.opened, 1000, "boot"}),
		"open until 16:20 UTC (2h), serial sn123; `rassist show` tells the code");
	EXPECT_EQ(format_open_status(window, {window.opened + 3600, 4600, "boot"}),
		"open until 16:20 UTC (1h), serial sn123; `rassist show` tells the code");
}

TEST(WindowTexts, AnotherDayIsNamed) {
	const Window window = window_until(kUntil + 8 * 3600);
	EXPECT_EQ(format_open_status(window, {window.opened, 1000, "boot"}),
		"open until 2026-11-22 00:20 UTC (2h), serial sn123; `rassist show` tells the code");
}

}    // namespace
}    // namespace rassist::window_unit
