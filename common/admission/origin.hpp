// Where support may come from: `support-from` of rassist.conf holds for everybody, and a person's
// own `from` besides. pam_rassist asks at each login, `rassist sessions --enforce` asks of the
// sessions that are there.
#pragma once

#include "common/base/parse.hpp"
#include "common/base/parse_network.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rassist {

/// `from` is "ADDRESS PORT", as sshd tells it and a session's record keeps it. nullopt: one may
/// come from there. Otherwise one sentence why not. An empty list is no restriction; an address
/// that cannot be read is on no list.
[[nodiscard]] std::optional<std::string> refuse_origin(const std::vector<Network>& everybodys,
	const std::vector<Network>& persons, std::string_view from);

}    // namespace rassist
