// An entry of the spool of `rassist sessions --enforce`: the name of a file, ROLE.SUBJECT.NUMBER,
// that asks for a look at this session. pam_rassist puts one there for each new tunnel.
#pragma once

#include "common/base/result.hpp"
#include "common/sessions/session.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace rassist {

struct SpoolEntry {
	Role role = Role::none;
	std::string subject;
	std::int64_t number = 0;
};
/// invalid: something else lies there.
[[nodiscard]] Result<SpoolEntry> parse_spool_entry(std::string_view name);
[[nodiscard]] std::string format_spool_entry(const Session& session);

}    // namespace rassist
