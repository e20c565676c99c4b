// The auth and account steps: whether this person may come in.
#pragma once

#include "pam_rassist/request.hpp"
#include "pam_rassist/world.hpp"

namespace rassist::pam {

inline constexpr std::string_view kProgram = "pam_rassist";    ///< in the journal

/// Asks for the code and judges what is typed, for the device's account alone. A well-formed code
/// is counted before it is compared, so that nobody gains a guess by being in two places or by
/// dying in between; what is no code at all is told so and does not count.
[[nodiscard]] Decision authenticate(const Request& request, World& world);

/// Judges the account. On a device the configuration must be good and the window open. On a relay
/// the configuration must be good (the helper has judged the key), and support must come from where
/// it may.
[[nodiscard]] Decision account(const Request& request, World& world);

}    // namespace rassist::pam
