// A note as the relay's verbs take it.
#pragma once

#include "common/base/result.hpp"

#include <string_view>

namespace rassist::cli {

/// A note as records take it: one printable line of at most 200 bytes.
[[nodiscard]] Status parse_note(std::string_view text);

}    // namespace rassist::cli
