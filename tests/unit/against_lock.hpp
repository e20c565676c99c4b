// What somebody does who comes while another holds a lock.
#pragma once

#include "common/system/files.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

namespace rassist::test {

/// How many descriptors the process has of this file.
inline int descriptors_of(pid_t pid, const std::string& path) {
	const std::string folder = "/proc/" + std::to_string(pid) + "/fd";
	int count = 0;
	const auto names = Folder::open(folder)->names();
	for (const std::string& name : *names) {
		std::array<char, 4096> target{};
		if (::readlink((folder + "/" + name).c_str(), target.data(), target.size() - 1) > 0 &&
			path == target.data())
			++count;
	}
	return count;
}

struct Outcome {
	bool waited = false;    ///< for the lock, rather than go on without it
	int status = -1;        ///< what `body` returned
};

/// Runs `body` in a process of its own and, once that waits for the lock that we hold, `meanwhile`;
/// then lets go.
inline Outcome against_lock(const Folder& folder, const std::string& lock,
	const std::function<int()>& body, const std::function<void()>& meanwhile) {
	int go[2];
	if (pipe(go) != 0)
		throw std::runtime_error("pipe");
	// before we lock: it would inherit the descriptor, and the lock with it
	const pid_t other = fork();
	if (other == 0) {
		::prctl(PR_SET_PDEATHSIG, SIGKILL);
		char word = 0;
		static_cast<void>(!read(go[0], &word, 1));
		_exit(body());
	}
	auto held = std::make_unique<FileLock>(*FileLock::take(folder, lock, 0));
	static_cast<void>(!write(go[1], "x", 1));
	const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
	siginfo_t ended{};
	Outcome outcome;
	while (!outcome.waited && ended.si_pid == 0 && std::chrono::steady_clock::now() < until) {
		usleep(1000);
		outcome.waited = descriptors_of(other, folder.path() + "/" + lock) > 0;
		static_cast<void>(
			waitid(P_PID, static_cast<id_t>(other), &ended, WEXITED | WNOHANG | WNOWAIT));
	}
	meanwhile();
	held.reset();
	int status = -1;
	waitpid(other, &status, 0);
	outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	close(go[0]);
	close(go[1]);
	return outcome;
}

}    // namespace rassist::test
