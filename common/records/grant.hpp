// A grant says: this public key may log in, in this role, for this subject, until then. It is one
// INI file, section [grant], named by the key's fingerprint.
#pragma once

#include "common/base/parse.hpp"
#include "common/base/parse_network.hpp"
#include "common/base/result.hpp"
#include "common/keys/public_key.hpp"
#include "common/system/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rassist {

enum class Role { none, assist, tunnel, identity, activation, staff };

[[nodiscard]] std::string_view format_role(Role role);
[[nodiscard]] Result<Role> parse_role(std::string_view text);
/// Whom a grant or a session of this role is about: a Name for staff, a Serial for all others.
[[nodiscard]] Result<std::string> parse_subject(std::string_view text, Role role);

struct Grant {
	Role role = Role::none;
	std::string subject;    ///< a Serial; for staff a Name
	PublicKey key;
	/// none: until removed (identity, staff); required for assist, tunnel, activation
	std::optional<Deadline> expires;
	std::int64_t issued = 0;    ///< UTC seconds

	// assist and tunnel
	std::optional<Id> window;     ///< required
	std::int64_t sequence = 0;    ///< the device's own rising number of this window
	// tunnel
	std::string relay;    ///< the name of the relay that issued it (Name)
	// assist
	/// what -L and -W may open; port 0 stands for any port, host "*" for any host
	std::vector<HostPort> reach;
	// staff
	std::vector<Network> from;    ///< empty: from anywhere
	std::vector<Scope> scope;     ///< empty: no device
	std::string note;             ///< one printable line, for people
	// tunnel, where more than one machine uses the device's identity
	/// windows of the device whose time was not over when this one took their place, the latest
	/// last
	std::vector<Id> superseded = {};
	std::optional<std::int64_t> twin = {};    ///< UTC: when a second machine last showed itself
};

/// Refuses what the role does not carry or lacks, unknown and duplicate keys (but see
/// IniSection::version).
[[nodiscard]] Result<Grant> parse_grant(std::string_view text, std::string_view file_name);
[[nodiscard]] std::string format_grant(const Grant& grant);

}    // namespace rassist
