// The part of narrowing_mark.hpp that makes a mark.
#include "common/base/ini.hpp"
#include "common/sessions/narrowing_mark.hpp"
#include "common/system/process.hpp"

namespace rassist {

Result<std::string> format_narrowing_mark() {
	const auto ticks = read_ticks_since_boot();
	if (!ticks)
		return ticks.error();
	IniWriter writer("narrowed");
	writer.add("version", "1").add("ticks", std::to_string(*ticks));
	return writer.text();
}

}    // namespace rassist
