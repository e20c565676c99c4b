#include "rassist/relay/staff_keys.hpp"

#include "common/keys/digest.hpp"
#include "rassist/relay/grants.hpp"

#include <sysexits.h>

#include <algorithm>
#include <utility>

namespace rassist::cli {

Result<std::vector<Grant>> list_keys_of(const Context& context, const Name& name) {
	auto keys = list_grants_of_role(context, Role::staff);
	if (!keys)
		return keys;
	std::erase_if(
		*keys, [&](const Grant& one) { return one.subject != name.str(); });
	std::ranges::sort(
		*keys, {}, [](const Grant& one) { return std::pair(one.issued, fingerprint_of(one.key)); });
	return keys;
}

int say_nobody_has_key(const Context& context, const Name& name) {
	return context.fail(
		EX_NOINPUT, name.str() + " has no key here; `rassist staff list` says who has");
}

}    // namespace rassist::cli
