// From the words of a command line to the verb that they name.
#pragma once

#include "rassist/frame/context.hpp"

#include <span>
#include <string>

namespace rassist::cli {

/// Runs the verb that the words name (the program's own name is not among them). The exit code.
[[nodiscard]] int dispatch(Context& context, std::span<const std::string> words);

}    // namespace rassist::cli
