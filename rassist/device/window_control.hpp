// The window's unit, controlled by systemctl(1): PID 1 opens, changes and closes windows, and the
// command line only asks it to.
#pragma once

#include "rassist/frame/context.hpp"

#include <string>
#include <vector>

namespace rassist::cli {

inline constexpr const char* kWindowUnit = "rassist-agent.service";

/// Runs `systemctl WORDS… rassist-agent.service` and waits for its end. An error says what the unit
/// itself said in the journal since.
[[nodiscard]] Status control_unit(const Context& context, const std::vector<std::string>& words);

}    // namespace rassist::cli
