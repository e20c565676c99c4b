#include "common/admission/origin.hpp"
#include "common/base/parse_network.hpp"

#include <algorithm>

namespace rassist {
namespace {

bool allows(const std::vector<Network>& list, const Result<IpAddress>& address) {
	if (list.empty())
		return true;
	return address && std::any_of(list.begin(), list.end(),
						  [&](const Network& network) { return network.covers(*address); });
}

}    // namespace

std::optional<std::string> refuse_origin(const std::vector<Network>& everybodys,
	const std::vector<Network>& persons, std::string_view from) {
	const Result<IpAddress> address = IpAddress::parse(from.substr(0, from.find(' ')));
	const std::string place = address ? address->str() : "an unknown address";
	if (!allows(everybodys, address))
		return "support may not come from " + place + " (support-from in rassist.conf)";
	if (!allows(persons, address))
		return "this person may not come from " + place + " (the staff record's `from`)";
	return std::nullopt;
}

}    // namespace rassist
