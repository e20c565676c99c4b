// Processes that are not our children: who they are (pid and start time), who descends from whom,
// and how they are ended by pidfd.
#pragma once

#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rassist {

/// Reads the start time in clock ticks since boot (proc(5), stat field 22). not_found for a process
/// that is gone or a zombie.
[[nodiscard]] Result<std::uint64_t> read_process_start(pid_t pid);
/// Reads this moment on the same clock: a process that has the same number or a lower one was
/// started before.
[[nodiscard]] Result<std::uint64_t> read_ticks_since_boot();
/// Reads who the parent of a live process is. not_found as above.
[[nodiscard]] Result<pid_t> read_process_parent(pid_t pid);
/// Opens a handle on exactly that process: pidfd_open, then the start time once more. not_found
/// where it is gone or another.
[[nodiscard]] Result<UniqueFd> open_process(pid_t pid, std::uint64_t started);
[[nodiscard]] Status signal_process(const UniqueFd& pidfd, int signal);
/// Whether it ended within the time (poll on the pidfd).
[[nodiscard]] bool wait_process(const UniqueFd& pidfd, std::chrono::milliseconds timeout);
/// Finds the live descendants of a process (from /proc/*/stat); children come before their parents.
[[nodiscard]] std::vector<pid_t> find_descendants(pid_t pid);

}    // namespace rassist
