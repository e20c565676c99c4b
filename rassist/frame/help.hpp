// How a verb is used, in words: what `rassist help` and a wrong command line show.
#pragma once

#include "rassist/frame/verb.hpp"

#include <span>
#include <string>
#include <string_view>

namespace rassist::cli {

/// Whether verbs of two words begin with this one: "device".
[[nodiscard]] bool is_family(std::string_view word);

/// "rassist open [--for DURATION]"
[[nodiscard]] std::string format_synopsis(const Verb& verb);
/// All verbs that are not hidden, by the place where they belong.
[[nodiscard]] std::string format_overview();
/// One verb, or a family ("device"). "" where the words name neither.
[[nodiscard]] std::string format_help(std::span<const std::string> words);

}    // namespace rassist::cli
