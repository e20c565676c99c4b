// A grant as the relay's records hold it.
#pragma once

#include "common/records/grant.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace rassist::test {

/// Issued in the first second of all. A tunnel's grant has a window and names its relay.
inline Grant sample_grant(Role role, const std::string& subject, const PublicKey& key,
	std::optional<std::int64_t> until = {}) {
	Grant grant{.role = role,
		.subject = subject,
		.key = key,
		.expires = {},
		.issued = 1,
		.window = {},
		.relay = {},
		.reach = {},
		.from = {},
		.scope = {},
		.note = {}};
	if (until)
		grant.expires = Deadline{*until, {}};
	if (role == Role::tunnel) {
		grant.window = *Id::parse("0123456789");
		grant.relay = "relay";
	}
	return grant;
}

}    // namespace rassist::test
