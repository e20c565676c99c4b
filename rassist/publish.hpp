// Published devices, as the verbs of device and relay show them.
#pragma once

#include "common/published.hpp"
#include "rassist/json.hpp"
#include "rassist/verb.hpp"

#include <string>
#include <vector>

namespace rassist::cli {

/// Relay: {"ssh": 20000}; {} for a device that publishes nothing.
[[nodiscard]] Json publication_json(const Context& context, const Serial& serial);

/// Relay: what stands after "Published" in `device show`, one line each: the ports, then each place and how it is at this moment.
[[nodiscard]] std::vector<std::string> publication_lines(const Context& context, const Serial& serial);

/// {"service": …, "address": …, "port": …} for each.
[[nodiscard]] Json places_json(const std::vector<Place>& places);

}    // namespace rassist::cli
