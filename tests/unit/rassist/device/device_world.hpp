// A device with a systemd that is played: the window's record is what the unit would have left.
#pragma once

#include "common/keys/code.hpp"
#include "common/records/window.hpp"
#include "common/records/window_request.hpp"
#include "common/system/clock.hpp"
#include "common/system/files_write.hpp"
#include "common/system/run.hpp"
#include "tests/unit/rassist/frame/cli_world.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace rassist::cli::test {

using namespace std::chrono_literals;
using Words = std::vector<std::string>;

inline const std::string kUnit = "rassist-agent.service";

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

}    // namespace rassist::cli::test
