// What a person sees and types.
#include "rassist/frame/terminal.hpp"

#include "common/base/unique_fd.hpp"
#include "common/system/process.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <sstream>

namespace rassist::cli::test {
namespace {

TEST(CliColumns, AreAsWideAsTheirWidestCell) {
	Columns columns({"A", "LONG", "C"});
	columns.add({"wide", "", "x"});
	std::ostringstream out;
	columns.print(out);
	EXPECT_EQ(out.str(), "A     LONG  C\nwide  -     x\n");
}

TEST(CliShown, LetsNoControlByteThroughToTheTerminal) {
	EXPECT_EQ(escape_for_terminal("plain text"), "plain text");
	EXPECT_EQ(escape_for_terminal("a\033[31mb\n\xff"), "a\\x1b[31mb\\x0a\\xff");
}

/// A child on a terminal of its own; what it exits with, or 256 and the signal.
class OnTerminal {
public:
	explicit OnTerminal(const std::function<int()>& child) {
		int master = -1;
		pid_ = forkpty(&master, nullptr, nullptr, nullptr);
		if (pid_ == 0)
			_exit(child());
		terminal_ = UniqueFd(master);
	}
	/// Reads until the text has come; false after ten seconds.
	bool sees(std::string_view text) {
		while (seen.find(text) == std::string::npos) {
			pollfd ready{terminal_.get(), POLLIN, 0};
			std::array<char, 256> bytes{};
			if (poll(&ready, 1, 10'000) != 1)
				return false;
			const ssize_t got = read(terminal_.get(), bytes.data(), bytes.size());
			if (got <= 0)
				return false;
			seen.append(bytes.data(), static_cast<std::size_t>(got));
		}
		return true;
	}
	void types(std::string_view text) {
		ASSERT_EQ(
			write(terminal_.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
	}
	[[nodiscard]] bool echoes() const {
		termios settings{};
		tcgetattr(terminal_.get(), &settings);
		return (settings.c_lflag & ECHO) != 0;
	}
	int ends() {
		int status = 0;
		waitpid(pid_, &status, 0);
		return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
	}
	std::string seen;

private:
	pid_t pid_ = -1;
	UniqueFd terminal_;
};

TEST(CliAskSecret, TakesALineWithoutEchoAndPutsTheTerminalBack) {
	OnTerminal on([] {
		const auto secret = ask_secret("Code: ");
		return secret && secret->text() == "k7qf" ? 7 : 1;
	});
	ASSERT_TRUE(on.sees("Code: "));
	EXPECT_FALSE(on.echoes());
	on.types("k7qx\177f\n");
	EXPECT_EQ(on.ends(), 7) << on.seen;
	EXPECT_EQ(on.seen.find("k7"), std::string::npos);
	EXPECT_TRUE(on.echoes());
}

TEST(CliAskSecret, PutsTheTerminalBackBeforeASignalEndsIt) {
	OnTerminal on([] {
		// as a program is started: the signal's default is to end it
		signal(SIGINT, SIG_DFL);
		return ask_secret("Code: ") ? 1 : 2;
	});
	ASSERT_TRUE(on.sees("Code: "));
	on.types("k7\003");
	EXPECT_EQ(on.ends(), 256 + SIGINT);
	EXPECT_TRUE(on.echoes());
}

TEST(CliAskSecret, TakesTheFirstLineOfWhatIsNoTerminal) {
	std::array<int, 2> ends{};
	ASSERT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
	const UniqueFd in(ends[1]);
	const UniqueFd out(ends[0]);
	const UniqueFd before(fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3));
	ASSERT_EQ(dup2(out.get(), STDIN_FILENO), STDIN_FILENO);
	ASSERT_EQ(write(in.get(), "first\nsecond\n\n", 14), 14);
	EXPECT_EQ(ask_secret("")->text(), "first");
	EXPECT_EQ(ask_secret("")->text(), "second");
	EXPECT_EQ(ask_secret("").error().code, Fault::invalid);
	ASSERT_EQ(write(in.get(), std::string(2000, 'x').data(), 2000), 2000);
	EXPECT_EQ(ask_secret("").error().code, Fault::too_large);
	dup2(before.get(), STDIN_FILENO);
}

TEST(CliNoCoreDump, LeavesNoCoreWhileASecretIsAbout) {
	const pid_t child = fork();
	if (child == 0) {
		rlimit most{};
		getrlimit(RLIMIT_CORE, &most);
		most.rlim_cur = most.rlim_max;
		setrlimit(RLIMIT_CORE, &most);
		const NoCoreDump quiet;
		signal(SIGABRT, SIG_DFL);
		abort();
	}
	int status = 0;
	ASSERT_EQ(waitpid(child, &status, 0), child);
	EXPECT_TRUE(WIFSIGNALED(status));
	EXPECT_FALSE(WCOREDUMP(status));
}

}    // namespace
}    // namespace rassist::cli::test
