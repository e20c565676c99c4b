// What `systemctl show` says of several units. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace rassist::cli::doctor {

struct UnitState {
	std::string load;      ///< "loaded", "not-found", "masked", "bad-setting"
	std::string active;    ///< "active", "inactive", "failed", …
	std::string file;      ///< "enabled", "static", "disabled", …
	bool stale = false;    ///< its file has changed since it was loaded
};

/// By name. Blocks of Property=value, an empty line between.
[[nodiscard]] std::map<std::string, UnitState> parse_unit_states(std::string_view text);

}    // namespace rassist::cli::doctor
