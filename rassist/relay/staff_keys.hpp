// The keys of one person who may reach devices through this relay.
#pragma once

#include "common/records/grant.hpp"
#include "rassist/frame/context.hpp"

#include <vector>

namespace rassist::cli {

/// A person's keys, the oldest first. It warns of records that are not believed.
[[nodiscard]] Result<std::vector<Grant>> list_keys_of(const Context& context, const Name& name);

/// Says that the person has no key here, and hands back EX_NOINPUT.
[[nodiscard]] int say_nobody_has_key(const Context& context, const Name& name);

}    // namespace rassist::cli
