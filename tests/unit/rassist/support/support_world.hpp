// A window's code and keys, and an ssh-agent of the test's own.
#pragma once

#include "common/keys/code.hpp"
#include "common/keys/derive.hpp"
#include "common/keys/private_key.hpp"
#include "common/system/child.hpp"
#include "common/system/run.hpp"
#include "rassist/support/ssh_agent.hpp"
#include "tests/unit/rassist/frame/cli_world.hpp"

#include <gtest/gtest.h>

#include <poll.h>
#include <sys/inotify.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace rassist::cli::test {

using namespace std::chrono_literals;

// without its check character: completed by code_text()
inline constexpr std::string_view kCode = "K7QF-2M9X-TB4D";

/// A well-formed code: the first check character that fits.
inline std::string code_text() {
	for (const char check : std::string_view("0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U")) {
		const std::string text = std::string(kCode) + check;
		if (Code::parse(text))
			return text;
	}
	return "";
}

inline const Serial kSerial = *Serial::parse("sn123");

inline const WindowKeys& keys() {
	static const WindowKeys made =
		std::move(*derive_window_keys(*Code::parse(code_text()), kSerial));
	return made;
}

/// ssh-agent(1) itself, gone with the test.
class OwnAgent {
public:
	explicit OwnAgent(const World& world)
		: socket(world.folder / "agent.sock"), folder_(world.folder.path()) {
		const UniqueFd events(inotify_init1(IN_CLOEXEC));
		inotify_add_watch(events.get(), folder_.c_str(), IN_CREATE);
		auto child = Child::start({.argv = {"/usr/bin/ssh-agent", "-D", "-a", socket},
			.environment = {"PATH=/usr/bin"},
			.pipe_stdout = true});
		EXPECT_TRUE(child);
		child_.emplace(*std::move(child));
		pollfd ready{events.get(), POLLIN, 0};
		EXPECT_EQ(poll(&ready, 1, 10'000), 1) << "no ssh-agent within ten seconds";
		const auto until = std::chrono::steady_clock::now() + 10s;
		while (!SshAgent::connect(socket) && std::chrono::steady_clock::now() < until)
			poll(nullptr, 0, 5);    // the socket has its name and does not listen yet
	}
	/// What `ssh-add` says about it.
	[[nodiscard]] std::string add(const std::vector<std::string>& words) const {
		std::vector<std::string> argv{"/usr/bin/ssh-add"};
		argv.insert(argv.end(), words.begin(), words.end());
		auto done = rassist::run(
			{.argv = argv, .environment = {"PATH=/usr/bin", "SSH_AUTH_SOCK=" + socket}}, "", 10s);
		return done ? done->out + done->err : done.error().what;
	}
	const std::string socket;

private:
	const std::string folder_;
	std::optional<Child> child_;
};

class CliKey : public testing::Test {
protected:
	CliKey() { world.answer = code_text(); }
	[[nodiscard]] std::string pin(std::string_view name) const {
		return world.context.home + "/.ssh/rassist/" + std::string(name);
	}
	World world;
};

}    // namespace rassist::cli::test
