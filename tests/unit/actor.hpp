// A process of a test's own, with others below it, for what ends processes.
#pragma once

#include "common/system/process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <stdexcept>
#include <vector>

namespace rassist::test {

/// A process that stands for sshd, and what the test was told of the processes below it.
class Actor {
public:
	/// `body` runs in the child, which says by one line of pids that it is ready, and then waits to
	/// be ended.
	explicit Actor(const std::function<void()>& body) {
		int line[2];
		if (pipe2(line, O_CLOEXEC) != 0)
			throw std::runtime_error("pipe2");
		pid_ = fork();
		if (pid_ == 0) {
			close(line[0]);
			out_ = line[1];
			body();
			say(getpid());
			close(out_);
			wait_for_ever();
		}
		close(line[1]);
		pid_t said = 0;
		while (::read(line[0], &said, sizeof said) == sizeof said)
			told_.push_back(said);
		close(line[0]);
	}
	Actor(const Actor&) = delete;
	Actor& operator=(const Actor&) = delete;
	~Actor() {
		for (const pid_t pid : told_)
			kill(pid, SIGKILL);
		waitpid(pid_, nullptr, 0);
	}

	static void say(pid_t pid) {
		if (::write(out_, &pid, sizeof pid) != sizeof pid)
			_exit(1);
	}
	[[noreturn]] static void wait_for_ever() {
		while (true)
			pause();
	}
	/// A child of the actor that does `body` and stays.
	static void spawn(const std::function<void()>& body) {
		const pid_t child = fork();
		if (child == 0) {
			body();
			say(getpid());
			close(out_);
			wait_for_ever();
		}
	}
	static void deaf() {
		for (const int signal : {SIGTERM, SIGHUP, SIGINT})
			::signal(signal, SIG_IGN);
	}

	[[nodiscard]] pid_t pid() const noexcept { return pid_; }
	[[nodiscard]] std::uint64_t started() const { return *read_process_start(pid_); }
	[[nodiscard]] int alive() const {
		int count = 0;
		for (const pid_t pid : told_)
			count += read_process_start(pid) ? 1 : 0;
		return count;
	}

private:
	inline static int out_ = -1;
	pid_t pid_ = -1;
	std::vector<pid_t> told_;
};

}    // namespace rassist::test
