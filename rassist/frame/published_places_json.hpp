// Where a device is published, as the JSON of both sides has it.
#pragma once

#include "common/base/json.hpp"
#include "common/records/published_place.hpp"

#include <vector>

namespace rassist::cli {

/// {"service": …, "address": …, "port": …} for each.
[[nodiscard]] Json make_published_places_json(const std::vector<PublishedPlace>& places);

}    // namespace rassist::cli
