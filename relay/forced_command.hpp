// What enroll, hold, desk and probe have in common. sshd starts the first three as the only command
// that a key may run.
#pragma once

#include "common/base/result.hpp"

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace rassist::forced {

/// Leaves no core dump and nothing that a process of the same account could trace, does not die by
/// SIGPIPE, and takes little memory, few files and little disk: the customers share the relay.
void harden_process() noexcept;

/// What main() of each of these programs does: it hardens the process, prints `make_help`'s text
/// where `--help` or `-h` is the only argument, and else returns the exit status of `run`, which
/// gets the arguments without the program's name. EX_OSERR where one of them throws (out of
/// memory).
[[nodiscard]] int run_program(int argc, const char* const* argv, std::string (*make_help)(),
	int (*run)(std::span<const char* const> arguments));

/// Writes "WHO: SENTENCE" to standard error, which sshd passes on to the other side. Returns the
/// status.
int fail(int status, std::string_view who, const std::string& sentence);
/// Writes the text to standard output. Returns the status, or EX_IOERR where it cannot be written.
int print(std::string_view text, int status);

/// The value of an environment variable that sshd sets (SSH_ORIGINAL_COMMAND, SSH_CONNECTION); ""
/// where there is none.
[[nodiscard]] std::string read_sshd_variable(const char* variable);
/// The "ADDRESS PORT" of the client, with which SSH_CONNECTION begins.
[[nodiscard]] std::string read_client_address();

/// Reads everything up to the end of input. too_large past `max` bytes, unavailable where the end
/// has not come within `limit`.
[[nodiscard]] Result<std::string> read_document(
	int fd, std::size_t max, std::chrono::milliseconds limit);

}    // namespace rassist::forced
