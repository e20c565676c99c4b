// What the staff verbs share.
#pragma once

#include "common/records/grant.hpp"
#include "rassist/frame/verb.hpp"

#include <string>
#include <vector>

namespace rassist::cli {

/// A person's keys, the oldest first. Told of records that are not believed.
[[nodiscard]] Result<std::vector<Grant>> keys_of(const Context& context, const Name& name);

/// Says that the person has no key here. EX_NOINPUT.
[[nodiscard]] int nobody(const Context& context, const Name& name);

/// Scopes or networks, separated by blanks.
template <class Values> std::string joined(const Values& values) {
	std::string text;
	for (const auto& value : values)
		text += (text.empty() ? "" : " ") + value.str();
	return text;
}

}    // namespace rassist::cli
