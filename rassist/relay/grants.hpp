// Grants as the relay's verbs make and list them.
#pragma once

#include "common/keys/public_key.hpp"
#include "common/records/grant.hpp"
#include "rassist/frame/context.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace rassist::cli {

/// Makes a grant with what every role has; the caller sets the rest.
[[nodiscard]] Grant make_grant(Role role, std::string subject, PublicKey key, std::int64_t issued);

/// All grants of a role. It warns of records that are not believed.
[[nodiscard]] Result<std::vector<Grant>> list_grants_of_role(const Context& context, Role role);

}    // namespace rassist::cli
