// What enroll, hold and desk have in common: programs that sshd starts as the only command a key
// may run.
#pragma once

#include "common/base/result.hpp"

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace rassist::forced {

/// No core dump, nothing for a process of the same account to trace, no death by SIGPIPE, and
/// little of memory, files and disk: the customers share the relay.
void harden_process() noexcept;

/// What main() of each of these programs does: it hardens the process, prints `make_help`'s text
/// where `--help` or `-h` is the only argument, and else returns the exit status of `run`, which
/// gets the arguments without the program's name. EX_OSERR where one of them throws (out of
/// memory).
[[nodiscard]] int run_program(int argc, const char* const* argv, std::string (*make_help)(),
	int (*run)(std::span<const char* const> arguments));

/// Writes "WHO: SENTENCE" to standard error, which sshd passes on to the other side. The status.
int fail(int status, std::string_view who, const std::string& sentence);
/// Writes the text to standard output. The status, or EX_IOERR where it cannot be written.
int print(std::string_view text, int status);

/// An environment variable of sshd's (SSH_ORIGINAL_COMMAND, SSH_CONNECTION); "" where there is
/// none.
[[nodiscard]] std::string read_sshd_variable(const char* variable);
/// "ADDRESS PORT" of the client, as SSH_CONNECTION begins.
[[nodiscard]] std::string read_client_address();

/// Everything up to the end of input. too_large past `max` bytes, unavailable where the end has not
/// come within `limit`.
[[nodiscard]] Result<std::string> read_document(
	int fd, std::size_t max, std::chrono::milliseconds limit);

/// CLOCK_BOOTTIME: goes on in suspend, and nobody sets it.
[[nodiscard]] std::chrono::milliseconds boot_clock() noexcept;

}    // namespace rassist::forced
