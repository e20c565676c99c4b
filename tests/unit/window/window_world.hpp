// A window's unit whose host is played: PID 1, the clock and the sweep.
#pragma once

#include "window/window_unit.hpp"

#include "common/admission/store.hpp"
#include "common/sessions/session.hpp"
#include "common/system/process.hpp"
#include "tests/unit/temporary_folder.hpp"
#include "window/texts.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

namespace rassist::window_unit {

using test::contents;
using test::is_there;
using test::make;
using test::spill;
using test::TemporaryFolder;
using Verb = WindowRequest::Change;

/// Plays PID 1, the clock and the sweep, and remembers in which order it was asked.
class PlayedHost : public WindowHost {
public:
	explicit PlayedHost(const Paths& paths) : paths_(paths) {}

	Result<Now> now() override { return clock; }
	Status start_timer(const Window& window) override {
		told.push_back("timer " + timer_name_of(window).substr(28));
		record_at_timer = contents(paths_.window());
		secret_at_timer = is_there(paths_.code()) || is_there(paths_.host_key());
		deadlines.push_back(window.deadline.wall);
		if (at_timer)
			at_timer();
		return timer_fails ? Status(Error{Fault::unavailable, "no timer today"}) : Status(Done{});
	}
	Status stop_timers_except(std::string_view name) override {
		told.push_back(name.empty() ? "stop timers"
									: "stop other timers than " + std::string(name.substr(28)));
		return stop_fails ? Status(Error{Fault::unavailable, "no answer"}) : Status(Done{});
	}
	Result<bool> is_window_up() override { return up; }
	SweepReport sweep() override {
		told.emplace_back("sweep");
		door_shut_at_sweep =
			!is_there(paths_.window()) && !is_there(paths_.code()) && !is_there(paths_.host_key());
		return swept;
	}
	void say(const std::string& status) override { status_line = status; }
	void journal(const JournalEntry& entry) override { entries.push_back(entry.datagram()); }

	Now clock{1'795'270'800, 5000, "3f1c7a1e-5d0b-4f0a-9a5b-e6a2c0d1e001"};
	std::function<void()> at_timer;
	bool timer_fails = false;
	bool stop_fails = false;
	bool up = false;
	bool secret_at_timer = false;
	bool door_shut_at_sweep = false;
	SweepReport swept;
	std::string record_at_timer;
	std::string status_line;
	std::vector<std::string> told;
	std::vector<std::string> entries;
	std::vector<std::int64_t> deadlines;

private:
	const Paths& paths_;
};

class WindowUnitTest : public testing::Test {
protected:
	WindowUnitTest() {
		for (const std::string& path :
			{paths.etc, paths.state, paths.run, paths.grants(), paths.sessions(), paths.sudoers()})
			make(path);
		configure("");
	}
	void configure(const std::string& more) const {
		spill(paths.config(),
			"[device]\nserial = sn123\nrelays = relay.example.com\nwindow = 1h\nwindow-max = 8h\n" +
				more);
	}
	void ask(Verb verb, std::chrono::seconds length) const {
		ASSERT_TRUE(write_window_request(paths, verb, length, host.clock));
	}
	void expect_nothing_left() const {
		for (const std::string& path : {paths.window(), paths.code(), paths.host_key(),
				 paths.door_config(), paths.home(), paths.wrong_codes(), sudo_right()})
			EXPECT_FALSE(is_there(path)) << path;
		const auto grants = list_grants(grant_folder_of(Role::assist, paths), me);
		EXPECT_TRUE(grants && grants->grants.empty());
	}
	[[nodiscard]] std::string sudo_right() const { return paths.sudoers() + "/rassist"; }
	[[nodiscard]] std::string last_entry() const {
		return host.entries.empty() ? "" : host.entries.back();
	}

	const TemporaryFolder folder;
	const Paths paths{.etc = folder / "etc", .state = folder / "state", .run = folder / "run"};
	const uid_t me = geteuid();
	PlayedHost host{paths};
	WindowUnit unit{paths, AssistAccount{me, getegid()}, host, me};
};

}    // namespace rassist::window_unit
