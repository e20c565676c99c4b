#include "common/system/process.hpp"

#include "common/system/child.hpp"
#include "common/system/files.hpp"
#include "common/system/run.hpp"
#include "tests/unit/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>

namespace rassist {
namespace {

using namespace std::chrono_literals;

constexpr auto kSoon = 20s;    // a deadline, not a wait

/// A shell here is a program under test's control like any other; rassist itself starts none.
ChildPlan shell(const std::string& script) {
	ChildPlan plan;
	plan.argv = {"/bin/sh", "-c", script};
	plan.environment = {"PATH=/usr/bin:/bin"};
	return plan;
}

Child started(const ChildPlan& plan) {
	Result<Child> child = Child::start(plan);
	if (!child)
		throw std::runtime_error(child.error().what);
	return std::move(*child);
}

/// Reads up to and with the first newline.
std::string read_line(const UniqueFd& fd) {
	std::string line;
	for (char c = 0; c != '\n' && ::read(fd.get(), &c, 1) == 1;)
		line += c;
	return line;
}

TEST(Process, StartTimeTellsProcessesApart) {
	const Result<std::uint64_t> mine = read_process_start(::getpid());
	ASSERT_TRUE(mine);
	EXPECT_GT(*mine, 0U);
	EXPECT_TRUE(open_process(::getpid(), *mine));
	const Result<UniqueFd> other = open_process(::getpid(), *mine + 1);
	ASSERT_FALSE(other);
	EXPECT_EQ(other.error().code, Fault::not_found);
}

TEST(Process, GoneIsNotFound) {
	for (const pid_t none : {-1, 0, 0x7ffffff0}) {
		EXPECT_EQ(read_process_start(none).error().code, Fault::not_found) << none;
		EXPECT_EQ(open_process(none, 1).error().code, Fault::not_found) << none;
	}
}

TEST(Process, ZombieIsNotFound) {
	Child child = started(shell("exit 0"));
	const UniqueFd handle(::fcntl(child.pidfd(), F_DUPFD_CLOEXEC, 0));
	ASSERT_TRUE(wait_process(handle, kSoon));
	EXPECT_EQ(read_process_start(child.pid()).error().code, Fault::not_found);
	EXPECT_EQ(child.wait(0ms), 0);
	EXPECT_EQ(signal_process(handle, SIGTERM).error().code, Fault::not_found);
}

TEST(Process, NameWithParenthesesIsNoTrap) {
	const test::TemporaryFolder temp;
	std::filesystem::copy_file("/bin/sleep", temp / "a) Z 1 (");
	ChildPlan plan;
	plan.argv = {temp / "a) Z 1 (", "60"};
	Child child = started(plan);
	const Result<std::uint64_t> start = read_process_start(child.pid());
	ASSERT_TRUE(start) << start.error().what;
	EXPECT_GE(*start, *read_process_start(::getpid()));
}

TEST(Process, IsSignalledThroughItsHandle) {
	Child child = started(shell("exec sleep 60"));
	const Result<UniqueFd> handle = open_process(child.pid(), *read_process_start(child.pid()));
	ASSERT_TRUE(handle);
	EXPECT_FALSE(wait_process(*handle, 0ms));
	EXPECT_FALSE(wait_process(*handle, 30ms));
	ASSERT_TRUE(signal_process(*handle, SIGTERM));
	EXPECT_TRUE(wait_process(*handle, kSoon));
	EXPECT_EQ(child.wait(0ms), 128 + SIGTERM);
}

TEST(Process, DescendantsComeChildrenFirst) {
	ChildPlan plan = shell("sh -c 'sleep 60 & echo $!; wait' & echo $!; wait");
	plan.pipe_stdout = true;
	Child child = started(plan);
	const pid_t a = std::atoi(read_line(child.out()).c_str());
	const pid_t b = std::atoi(read_line(child.out()).c_str());
	const std::vector<pid_t> below = find_descendants(child.pid());
	ASSERT_EQ(below.size(), 2U);
	const pid_t inner = read_process_start(a).ok() && below[0] == a ? a : b;
	EXPECT_EQ(below[0], inner);
	EXPECT_EQ(below[1], inner == a ? b : a);
	const std::vector<pid_t> ours = find_descendants(::getpid());
	EXPECT_EQ(ours.size(), 3U);
	EXPECT_EQ(ours.back(), child.pid());
	for (const pid_t pid : below)
		::kill(pid, SIGKILL);
}

TEST(Child, ProgramThatCannotBeRunIsAnError) {
	const test::TemporaryFolder temp;
	test::spill(temp / "plain", "x");
	test::spill(temp / "garbage", "\x01\x02", 0755);
	struct Case {
		std::string program;
		Fault fault;
	};
	for (const Case& c : {Case{temp / "none", Fault::not_found},
			 Case{temp / "plain", Fault::denied}, Case{temp / "garbage", Fault::io},
			 Case{"sh", Fault::internal}, Case{"./sh", Fault::internal}}) {
		ChildPlan plan;
		plan.argv = {c.program};
		const Result<Child> child = Child::start(plan);
		ASSERT_FALSE(child) << c.program;
		EXPECT_EQ(child.error().code, c.fault) << child.error().what;
	}
	EXPECT_EQ(Child::start({}).error().code, Fault::internal);
}

TEST(Child, HasTheEnvironmentWrittenOutAndNoOther) {
	::setenv("RASSIST_TEST_LEAK", "1", 1);
	ChildPlan plan;
	plan.argv = {"/usr/bin/env"};
	plan.environment = {"A=1", "B=two words"};
	const Result<Finished> finished = run(plan, "", kSoon);
	ASSERT_TRUE(finished);
	EXPECT_EQ(finished->out, "A=1\nB=two words\n");
}

TEST(Child, HasNoDescriptorOfOurs) {
	// NOLINT(android-cloexec-open): as careless code would
	const UniqueFd stray(::open("/dev/null", O_RDONLY));
	const Result<Finished> finished = run(shell("ls /proc/self/fd"), "", kSoon);
	ASSERT_TRUE(finished);
	EXPECT_EQ(finished->out, "0\n1\n2\n3\n") << "3 is what ls lists with";
}

TEST(Child, HasDefaultSignals) {
	sigset_t all;
	sigset_t before;
	::sigfillset(&all);
	::sigprocmask(SIG_SETMASK, &all, &before);
	const auto handler = ::signal(SIGPIPE, SIG_IGN);
	ChildPlan plan;
	plan.argv = {"/bin/sed", "-n", "s/^Sig(Blk|Ign):\\s*//p", "-E", "/proc/self/status"};
	const Result<Finished> finished = run(plan, "", kSoon);
	::signal(SIGPIPE, handler);
	::sigprocmask(SIG_SETMASK, &before, nullptr);
	ASSERT_TRUE(finished);
	const std::size_t second = finished->out.find('\n');
	ASSERT_NE(second, std::string::npos) << finished->out;
	// 32 and 33 are libc's own: nobody above the kernel can set them, so whoever started the tests
	// may have left them ignored.
	constexpr unsigned long long kLibc = 0x180000000;
	EXPECT_EQ(std::stoull(finished->out, nullptr, 16), 0U) << "blocked";
	EXPECT_EQ(std::stoull(finished->out.substr(second), nullptr, 16) & ~kLibc, 0U) << "ignored";
}

TEST(Child, StandardInputIsNullUnlessAsked) {
	ChildPlan plan = shell("readlink /proc/self/fd/0");
	plan.pipe_stdout = true;
	Child child = started(plan);
	EXPECT_EQ(read_line(child.out()), "/dev/null\n");
	EXPECT_EQ(child.wait(kSoon), 0);
}

TEST(Child, StatusIsExitOrSignalAndStays) {
	Child exits = started(shell("exit 42"));
	EXPECT_EQ(exits.wait(kSoon), 42);
	EXPECT_EQ(exits.wait(0ms), 42);
	exits.kill(SIGKILL);    // harmless once reaped
	Child killed = started(shell("kill -9 $$"));
	EXPECT_EQ(killed.wait(kSoon), 137);
	Child runs = started(shell("exec sleep 60"));
	EXPECT_EQ(runs.wait(10ms), std::nullopt);
	runs.kill(SIGTERM);
	EXPECT_EQ(runs.wait(kSoon), 128 + SIGTERM);
}

TEST(Child, EndsWithItsOwner) {
	pid_t pid = -1;
	{
		Child first = started(shell("trap '' TERM HUP; exec sleep 60"));
		pid = first.pid();
		Child second(std::move(first));
		EXPECT_TRUE(read_process_start(pid));
		second = started(shell("exec sleep 60"));
		EXPECT_FALSE(read_process_start(pid)) << "assignment ends the old one";
		pid = second.pid();
	}
	EXPECT_FALSE(read_process_start(pid));
	EXPECT_EQ(::waitpid(pid, nullptr, WNOHANG), -1) << "reaped";
	EXPECT_EQ(errno, ECHILD);
}

/// A parent that is killed with no chance to clean up; its child's end of a socket closes when that
/// child dies.
TEST(Child, DiesWhenItsParentIsKilled) {
	std::array<int, 2> ends{};
	ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
	const UniqueFd reader(ends[0]);
	UniqueFd writer(ends[1]);
	const pid_t parent = ::fork();
	ASSERT_GE(parent, 0);
	if (parent == 0) {
		::dup2(writer.get(), STDOUT_FILENO);
		const Result<Child> child = Child::start(shell("echo up; exec sleep 60"));
		::pause();
		::_exit(1);
	}
	writer.reset();
	EXPECT_EQ(read_line(reader), "up\n");
	::kill(parent, SIGKILL);
	EXPECT_EQ(::waitpid(parent, nullptr, 0), parent);
	EXPECT_EQ(read_line(reader), "") << "the child's end is closed: it is gone";
}

TEST(Run, CollectsBothStreamsAndStatus) {
	const Result<Finished> finished = run(shell("cat; echo err >&2; exit 3"), "input", kSoon);
	ASSERT_TRUE(finished);
	EXPECT_EQ(finished->status, 3);
	EXPECT_EQ(finished->out, "input");
	EXPECT_EQ(finished->err, "err\n");
}

TEST(Run, LargeInputAndOutputDoNotWaitForEachOther) {
	const std::string large(1'000'000, 'x');
	const Result<Finished> finished = run(shell("cat"), large, kSoon, 2'000'000);
	ASSERT_TRUE(finished) << finished.error().what;
	EXPECT_EQ(finished->out, large);
}

TEST(Run, ChildThatIgnoresItsInputIsNoFailure) {
	const Result<Finished> finished =
		run(shell("exec <&-; echo done"), std::string(1'000'000, 'x'), kSoon);
	ASSERT_TRUE(finished) << finished.error().what;
	EXPECT_EQ(finished->status, 0);
	EXPECT_EQ(finished->out, "done\n");
	sigset_t pending;
	::sigpending(&pending);
	EXPECT_EQ(::sigismember(&pending, SIGPIPE), 0);
}

TEST(Run, EndsWhatIsTooLoudOrTooSlow) {
	const Result<Finished> loud = run(shell("yes"), "", kSoon, 10'000);
	ASSERT_FALSE(loud);
	EXPECT_EQ(loud.error().code, Fault::too_large);
	// a day, which nobody waits for
	const Result<Finished> slow = run(shell("exec sleep 86400"), "", 50ms);
	ASSERT_FALSE(slow);
	EXPECT_EQ(slow.error().code, Fault::unavailable);
	const Result<Finished> silent = run(shell("exec >&- 2>&-; exec sleep 86400"), "", 50ms);
	ASSERT_FALSE(silent);
	EXPECT_EQ(silent.error().code, Fault::unavailable);
}

TEST(Run, DoesNotWaitForWhatTheChildLeavesBehind) {
	const Result<Finished> finished = run(shell("sleep 30 & echo $!"), "", kSoon);
	ASSERT_TRUE(finished) << finished.error().what;
	const pid_t left = std::atoi(finished->out.c_str());
	ASSERT_GT(left, 1);
	::kill(left, SIGKILL);
}

}    // namespace
}    // namespace rassist
