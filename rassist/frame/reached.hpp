// What came of a stock ssh that was to reach a relay, by what it says in English. Pure.
#pragma once

#include <string>
#include <string_view>

namespace rassist::cli {

enum class Reached {
	denied,         ///< the host key was right, the key was not accepted
	not_pinned,     ///< no host key is pinned for that name
	other_key,      ///< another host key than the pinned one
	no_name,        ///< the name does not resolve
	not_reached,    ///< refused, no route, timed out
	other,
};

[[nodiscard]] Reached reached(std::string_view ssh_said);

/// What it said last, fit for a terminal: why it was not reached.
[[nodiscard]] std::string last_said(std::string_view ssh_said);

}    // namespace rassist::cli
