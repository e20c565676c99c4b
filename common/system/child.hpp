// A child process that dies with us.
#pragma once

#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace rassist {

/// Which of a child's standard streams are pipes of ours.
struct ChildPlan {
	std::vector<std::string> argv;           ///< argv[0] is an absolute path
	std::vector<std::string> environment;    ///< written out whole: "NAME=value"
	bool pipe_stdin = false;                 ///< else /dev/null
	bool pipe_stdout = false;                ///< else ours
	bool pipe_stderr = false;                ///< else ours
};

/// One child process: it dies when we do (PR_SET_PDEATHSIG, the parent race closed), and the
/// destructor kills and reaps it.
class Child {
public:
	/// A program that cannot be run is an error here (close-on-exec pipe), not an exit status
	/// later.
	static Result<Child> start(const ChildPlan& plan);
	Child(Child&&) noexcept;
	Child& operator=(Child&&) noexcept;
	Child(const Child&) = delete;
	Child& operator=(const Child&) = delete;
	~Child();

	[[nodiscard]] pid_t pid() const noexcept { return pid_; }
	/// readable once it has ended
	[[nodiscard]] int pidfd() const noexcept { return pidfd_.get(); }
	/// our end; reset() closes it
	[[nodiscard]] UniqueFd& in() noexcept { return stdin_; }
	[[nodiscard]] UniqueFd& out() noexcept { return stdout_; }
	[[nodiscard]] UniqueFd& err() noexcept { return stderr_; }
	void kill(int signal) noexcept;
	/// Reaps. Exit status, or 128 + signal; the same once more where it is asked again. Waits at
	/// most `timeout`, then nullopt.
	[[nodiscard]] std::optional<int> wait(std::chrono::milliseconds timeout);

private:
	Child() = default;
	pid_t pid_ = -1;
	std::optional<int> status_;    // once reaped
	UniqueFd pidfd_, stdin_, stdout_, stderr_;
};

}    // namespace rassist
