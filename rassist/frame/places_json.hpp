// Where a device is published, as the JSON of both sides has it.
#pragma once

#include "common/records/place.hpp"
#include "rassist/frame/json.hpp"

#include <vector>

namespace rassist::cli {

/// {"service": …, "address": …, "port": …} for each.
[[nodiscard]] Json places_json(const std::vector<Place>& places);

}    // namespace rassist::cli
