// Processes: who they are (pid and start time), ending them by pidfd, and children that die with us.
#pragma once

#include "common/result.hpp"
#include "common/unique_fd.hpp"

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rassist {

/// Start time in clock ticks since boot (proc(5), stat field 22). not_found for a process that is gone or a zombie.
[[nodiscard]] Result<std::uint64_t> process_start(pid_t pid);
/// This moment on the same clock: a process that has the same number or a lower one was started before.
[[nodiscard]] Result<std::uint64_t> ticks_since_boot();
/// The parent of a process that lives. not_found as above.
[[nodiscard]] Result<pid_t> process_parent(pid_t pid);
/// Handle on exactly that process: pidfd_open, then the start time once more. not_found where it is gone or another.
[[nodiscard]] Result<UniqueFd> open_process(pid_t pid, std::uint64_t started);
[[nodiscard]] Status signal_process(const UniqueFd& pidfd, int signal);
/// Whether it ended within the time (poll on the pidfd).
[[nodiscard]] bool wait_process(const UniqueFd& pidfd, std::chrono::milliseconds timeout);
/// Live descendants of a process, children first (from /proc/*/stat).
[[nodiscard]] std::vector<pid_t> descendants(pid_t pid);

/// Which of a child's standard streams are pipes of ours.
struct ChildPlan {
	std::vector<std::string> argv;           ///< argv[0] is an absolute path
	std::vector<std::string> environment;    ///< written out whole: "NAME=value"
	bool pipe_stdin = false;                 ///< else /dev/null
	bool pipe_stdout = false;                ///< else ours
	bool pipe_stderr = false;                ///< else ours
};

/// One child process: it dies when we do (PR_SET_PDEATHSIG, the parent race closed), and the destructor kills and reaps it.
class Child {
public:
	/// A program that cannot be run is an error here (close-on-exec pipe), not an exit status later.
	static Result<Child> start(const ChildPlan& plan);
	Child(Child&&) noexcept;
	Child& operator=(Child&&) noexcept;
	Child(const Child&) = delete;
	Child& operator=(const Child&) = delete;
	~Child();

	[[nodiscard]] pid_t pid() const noexcept { return pid_; }
	[[nodiscard]] int pidfd() const noexcept { return pidfd_.get(); }    ///< readable once it has ended
	[[nodiscard]] UniqueFd& in() noexcept { return stdin_; }             ///< our end; reset() closes it
	[[nodiscard]] UniqueFd& out() noexcept { return stdout_; }
	[[nodiscard]] UniqueFd& err() noexcept { return stderr_; }
	void kill(int signal) noexcept;
	/// Reaps. Exit status, or 128 + signal; the same once more where it is asked again. Waits at most `timeout`, then nullopt.
	[[nodiscard]] std::optional<int> wait(std::chrono::milliseconds timeout);

private:
	Child() = default;
	pid_t pid_ = -1;
	std::optional<int> status_;    // once reaped
	UniqueFd pidfd_, stdin_, stdout_, stderr_;
};

/// Run to the end with input on stdin, and collect: for short commands (systemctl, ssh for an enrolment). Output past `max_output` ends it with
/// too_large.
struct Finished {
	int status = 0;
	std::string out;
	std::string err;
};
[[nodiscard]] Result<Finished> run(ChildPlan plan, std::string_view input, std::chrono::milliseconds timeout, std::size_t max_output = 64 * 1024);

}    // namespace rassist
