// Reads what `systemctl show` says of several units. Pure.
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

/// The states by name. The text has blocks of Property=value with an empty line between them.
[[nodiscard]] std::map<std::string, UnitState> parse_unit_states(std::string_view text);

}    // namespace rassist::cli::doctor
