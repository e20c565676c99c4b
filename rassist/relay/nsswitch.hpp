// The hosts line of nsswitch.conf(5): `rassist [NOTFOUND=return]` put in and taken out again,
// everything else left as it is, byte for byte.
#pragma once

#include "common/base/result.hpp"

#include <string>
#include <string_view>

namespace rassist::cli {

/// The file itself where the name is a link to it (authselect(8) makes it one): replacing the link
/// would cut that tool off.
[[nodiscard]] Result<std::string> resolve_nsswitch_file(const std::string& path);

/// Before `resolve` or `dns`, whichever is first; at the end of the line where there is neither.
/// Unchanged where it stands so already; behind them it is not asked for what they answer, and is
/// moved. not_found: no hosts line. invalid: more than one.
[[nodiscard]] Result<std::string> add_rassist_service(std::string_view text);

/// The other way round: what add_rassist_service() was given. Unchanged where it is not there.
[[nodiscard]] Result<std::string> remove_rassist_service(std::string_view text);

}    // namespace rassist::cli
