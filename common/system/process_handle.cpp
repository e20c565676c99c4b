// The part of process.hpp that holds a process by its pidfd: to signal it and to wait for its end.
#include "common/system/process.hpp"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace rassist {

Result<UniqueFd> open_process(pid_t pid, std::uint64_t started) {
	UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
	if (!pidfd) {
		// EINVAL: the number belongs to a thread now, or is none
		if (errno == ESRCH || errno == EINVAL)
			return Error{Fault::not_found, "process " + std::to_string(pid) + ": has ended", errno};
		return os_error(errno, "pidfd_open");
	}
	// Looked at with the handle in hand: the number cannot pass on to another process without our
	// seeing another start time.
	const Result<std::uint64_t> now = read_process_start(pid);
	if (!now)
		return now.error();
	if (*now != started)
		return Error{Fault::not_found,
			"process " + std::to_string(pid) + ": has ended, another has its number"};
	return pidfd;
}

Status signal_process(const UniqueFd& pidfd, int signal) {
	if (::syscall(SYS_pidfd_send_signal, pidfd.get(), signal, nullptr, 0) == 0)
		return Done{};
	if (errno == ESRCH)
		return Error{Fault::not_found, "the process has ended", ESRCH};
	return os_error(errno, "pidfd_send_signal");
}

bool wait_process(const UniqueFd& pidfd, std::chrono::milliseconds timeout) {
	using Clock = std::chrono::steady_clock;
	const Clock::time_point until = Clock::now() + timeout;
	for (;;) {
		const auto left =
			std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
		pollfd waiting{pidfd.get(), POLLIN, 0};
		const int ready =
			::poll(&waiting, 1, static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000)));
		if (ready > 0)
			return (waiting.revents & POLLIN) != 0;
		if (ready < 0 && errno != EINTR)
			return false;
		if (ready == 0 && Clock::now() >= until)
			return false;
	}
}

}    // namespace rassist
