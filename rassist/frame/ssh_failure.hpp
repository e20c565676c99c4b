// Why a stock ssh did not reach a relay, by what it says in English. Pure.
#pragma once

#include <string>
#include <string_view>

namespace rassist::cli {

enum class SshFailure {
	denied,         ///< the host key was right, the key was not accepted
	not_pinned,     ///< no host key is pinned for that name
	other_key,      ///< another host key than the pinned one
	no_name,        ///< the name does not resolve
	not_reached,    ///< refused, no route, timed out
	other,
};

/// Finds the reason by words of ssh that stand for it; `other` where none of them is there.
[[nodiscard]] SshFailure classify_ssh_failure(std::string_view ssh_said);

/// The last line of what ssh said, fit for a terminal.
[[nodiscard]] std::string quote_last_line(std::string_view ssh_said);

}    // namespace rassist::cli
