#include "rassist/relay/grants.hpp"

#include "common/admission/store.hpp"

#include <utility>

namespace rassist::cli {

Grant make_grant(Role role, std::string subject, PublicKey key, std::int64_t issued) {
	return Grant{role, std::move(subject), std::move(key), {}, issued, {}, 0, {}, {}, {}, {}, {}};
}

Result<std::vector<Grant>> list_grants_of_role(const Context& context, Role role) {
	auto list = list_grants(grant_folder_of(role, context.paths), context.root);
	if (!list)
		return std::move(list).error();
	for (const Error& refused : list->refused)
		context.warn(refused.what + "; this record counts for nothing");
	return std::move(list->grants);
}

}    // namespace rassist::cli
