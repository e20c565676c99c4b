#include "common/sessions/spool_entry.hpp"

#include "common/base/parse.hpp"

#include <limits>

namespace rassist {

Result<SpoolEntry> parse_spool_entry(std::string_view name) {
	const auto first = name.find('.');
	const auto last = name.rfind('.');
	const Error wrong{
		Fault::invalid, quoted(name) + ": a spool entry is called ROLE.SUBJECT.NUMBER"};
	if (first == std::string_view::npos || last <= first + 1)
		return wrong;
	const auto role = parse_role(name.substr(0, first));
	const auto number =
		parse_integer(name.substr(last + 1), 0, std::numeric_limits<std::int64_t>::max());
	if (!role || !number)
		return wrong;
	return SpoolEntry{*role, std::string(name.substr(first + 1, last - first - 1)), *number};
}

}    // namespace rassist
