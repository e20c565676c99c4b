// Puts `rassist [NOTFOUND=return]` into the hosts line of nsswitch.conf(5) and takes it out again.
// Everything else stays as it is, byte for byte.
#pragma once

#include "common/base/result.hpp"

#include <string>
#include <string_view>

namespace rassist::cli {

/// The file itself where the path is a link to it, as authselect(8) makes it: replacing the link
/// would cut that tool off.
[[nodiscard]] Result<std::string> resolve_nsswitch_file(const std::string& path);

/// The text with the service before `resolve` or `dns`, whichever is first, or at the end of the
/// line where there is neither. The text is unchanged where the service stands so already; behind
/// those two it would not be asked for what they answer, and is moved. not_found: there is no hosts
/// line. invalid: there is more than one.
[[nodiscard]] Result<std::string> add_rassist_service(std::string_view text);

/// The other way round: the text that add_rassist_service() was given. It is unchanged where the
/// service is not there.
[[nodiscard]] Result<std::string> remove_rassist_service(std::string_view text);

}    // namespace rassist::cli
