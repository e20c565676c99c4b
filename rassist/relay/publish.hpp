// What a device publishes, as the relay's verbs show it.
#pragma once

#include "common/base/json.hpp"
#include "common/base/parse.hpp"
#include "rassist/frame/context.hpp"

#include <string>
#include <vector>

namespace rassist::cli {

/// The ports by service: {"ssh": 20000}, or {} for a device that publishes nothing.
[[nodiscard]] Json make_publication_json(const Context& context, const Serial& serial);

/// What stands after "Published" in `device show`, one line each: the ports, then each place and
/// how it is at this moment.
[[nodiscard]] std::vector<std::string> format_publication_lines(
	const Context& context, const Serial& serial);

}    // namespace rassist::cli
