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
void settle() noexcept;

/// The arguments without the program's name. Valid as long as argv is.
[[nodiscard]] std::span<const char* const> arguments(int argc, const char* const* argv);
/// Whether `--help` or `-h` is the only argument.
[[nodiscard]] bool asks_for_help(std::span<const char* const> arguments);

/// An environment variable of sshd's (SSH_ORIGINAL_COMMAND, SSH_CONNECTION); "" where there is
/// none.
[[nodiscard]] std::string from_sshd(const char* variable);
/// "ADDRESS PORT" of the client, as SSH_CONNECTION begins.
[[nodiscard]] std::string client();

/// Everything up to the end of input. too_large past `max` bytes, unavailable where the end has not
/// come within `limit`.
[[nodiscard]] Result<std::string> read_document(
	int fd, std::size_t max, std::chrono::milliseconds limit);

}    // namespace rassist::forced
