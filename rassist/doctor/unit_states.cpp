#include "rassist/doctor/unit_states.hpp"

#include <sstream>

namespace rassist::cli::doctor {

std::map<std::string, UnitState> parse_unit_states(std::string_view text) {
	std::map<std::string, UnitState> states;
	UnitState state;
	std::string name;
	const auto keep = [&] {
		if (!name.empty())
			states[name] = state;
		name.clear();
		state = {};
	};
	std::istringstream lines{std::string(text)};
	for (std::string line; std::getline(lines, line);) {
		const auto equals = line.find('=');
		const std::string key = line.substr(0, equals);
		const std::string value = equals == std::string::npos ? "" : line.substr(equals + 1);
		if (line.empty())
			keep();
		else if (key == "Id")
			name = value;
		else if (key == "LoadState")
			state.load = value;
		else if (key == "ActiveState")
			state.active = value;
		else if (key == "UnitFileState")
			state.file = value;
		else if (key == "NeedDaemonReload")
			state.stale = value == "yes";
	}
	keep();
	return states;
}

}    // namespace rassist::cli::doctor
