// The table of verbs: usage, help, dispatch and completion all walk it.
#pragma once

#include "rassist/frame/verb.hpp"

#include <cstddef>
#include <span>
#include <string>

namespace rassist::cli {

/// All verbs, in the order in which the overview shows them.
[[nodiscard]] std::span<const Verb> list_verbs();

/// One word, or two: "device add".
[[nodiscard]] std::size_t count_words(const Verb& verb);

/// The verb that these words begin with; a name of two words is tried before one of one. nullptr:
/// none.
[[nodiscard]] const Verb* find_verb(std::span<const std::string> words);

}    // namespace rassist::cli
