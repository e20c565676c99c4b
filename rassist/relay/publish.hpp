// PublishedPlaces devices, as the relay's verbs show them.
#pragma once

#include "common/base/json.hpp"
#include "common/records/publication.hpp"
#include "rassist/frame/verb.hpp"

#include <string>
#include <vector>

namespace rassist::cli {

/// {"ssh": 20000}; {} for a device that publishes nothing.
[[nodiscard]] Json publication_json(const Context& context, const Serial& serial);

/// what stands after "Published" in `device show`, one line each: the ports, then each place and
/// how it is at this moment.
[[nodiscard]] std::vector<std::string> publication_lines(
	const Context& context, const Serial& serial);

}    // namespace rassist::cli
