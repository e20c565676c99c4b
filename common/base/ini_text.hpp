// What the reader and the writer of INI text must agree on, so that every build of inih reads a
// record as it was written. For ini.cpp and ini_writer.cpp.
#pragma once

#include <string_view>

namespace rassist {

inline constexpr std::string_view kIniBlank = " \t";

/// What stands in no INI text: control bytes but tab.
[[nodiscard]] bool is_ini_control(char c);
/// The name of a section or a key: letters, digits, '-', '_', as many as inih takes.
[[nodiscard]] bool is_ini_name(std::string_view text);
/// Whether inih's builds that know inline comments would cut here: ';' after white space, past the
/// start of the line.
[[nodiscard]] bool has_inline_comment(std::string_view text);

}    // namespace rassist
