// pam_rassist's surroundings in the unit tests: folders of our own, a clock that is set, what was
// asked, told and logged.
#pragma once

#include "common/issuing/store_write.hpp"
#include "common/keys/code.hpp"
#include "common/records/window.hpp"
#include "common/system/files.hpp"
#include "common/system/files_write.hpp"
#include "common/system/process.hpp"
#include "pam_rassist/world.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

namespace rassist::pam {

inline constexpr std::int64_t kTestNow = 1'800'000'000;

class TestWorld final : public World {
public:
	TestWorld() {
		std::string base = testing::TempDir() + "pamXXXXXX";
		base_ = mkdtemp(base.data());
		paths_.etc = base_ + "/etc";
		paths_.state = base_ + "/state";
		paths_.run = base_ + "/run";
		for (const auto& folder :
			{paths_.etc, paths_.state, paths_.run, paths_.secret(), paths_.devices(),
				paths_.staff(), paths_.activations(), paths_.identities(), paths_.windows(),
				paths_.revoked(), paths_.grants(), paths_.enforce(), paths_.narrowed()})
			EXPECT_TRUE(make_folder(folder, 0755).ok());
		configure("[device]\nserial = sn123\n");
	}
	~TestWorld() override { EXPECT_TRUE(remove_tree(base_).ok()); }

	[[nodiscard]] const Paths& paths() const override { return paths_; }
	[[nodiscard]] uid_t root() const override { return getuid(); }
	[[nodiscard]] Result<Now> clock() override {
		++clock_calls;
		if (at_clock)
			at_clock(clock_calls);
		return time;
	}
	void log(const JournalEntry& entry) override { journal += entry.datagram() + "\n"; }
	[[nodiscard]] Result<Secret> ask(const std::string& prompt) override {
		prompts.push_back(prompt);
		if (at_prompt)
			at_prompt();
		if (typed.empty())
			return Error{Fault::unavailable, "hung up"};
		Secret answer(typed.front());
		typed.erase(typed.begin());
		return answer;
	}
	void tell(const std::string& sentence) override { told.push_back(sentence); }
	[[nodiscard]] pid_t process() const override { return pid; }
	[[nodiscard]] Status keep(Session session) override {
		if (keeps_nothing)
			return Error{Fault::internal, "no room"};
		session_ = std::move(session);
		return Done{};
	}
	[[nodiscard]] std::optional<Session> kept() override { return session_; }
	void end_connection() override { ++ended; }

	void configure(std::string_view text, mode_t mode = 0644) {
		ASSERT_TRUE(
			write_file(paths_.config(), text, {mode, std::nullopt, std::nullopt, true, false})
				.ok());
	}
	/// A window of ten minutes, as `window open` leaves it.
	void open(std::string_view id = "0123456789") {
		const auto print = Fingerprint::parse_file_name(std::string(42, 'A') + "E").value();
		const Deadline deadline{kTestNow + 600, Deadline::Boot{1600, "boot"}};
		const Window window{Id::parse(id).value(), Serial::parse("sn123").value(), 1, kTestNow,
			deadline, 0, print, print};
		ASSERT_TRUE(write_file(
			paths_.window(), format_window(window), {0644, std::nullopt, std::nullopt, true, false})
						.ok());
		ASSERT_TRUE(write_file(
			paths_.code(), code.canonical(), {0600, std::nullopt, std::nullopt, true, false})
						.ok());
	}
	void close() {
		ASSERT_TRUE(remove_file(paths_.window()).ok() && remove_file(paths_.code()).ok());
	}

	/// A code that is well-formed and not this window's.
	static std::string wrong_code() { return std::string(Code::random().canonical()); }
	/// As somebody would write it who reads it from the screen.
	[[nodiscard]] std::string right_code() const { return std::string(code.written().text()); }
	[[nodiscard]] bool logged(std::string_view text) const {
		return journal.find(text) != std::string::npos;
	}

	Now time{kTestNow, 1000, "boot"};
	int clock_calls = 0;
	/// what happens to the world when the clock is looked at for the n-th time
	std::function<void(int)> at_clock;
	std::function<void()> at_prompt;    ///< what happens while somebody types
	pid_t pid = getpid();
	bool keeps_nothing = false;
	Code code = Code::random();
	std::vector<std::string> typed;
	std::vector<std::string> prompts;
	std::vector<std::string> told;
	std::string journal;
	int ended = 0;

private:
	std::string base_;
	Paths paths_;
	std::optional<Session> session_;
};

}    // namespace rassist::pam
