// Makes the one authorized_keys line that says what a grant may do that counts now. Pure. All that
// is put into a line passes an allow-list first.
#pragma once

#include "common/base/paths.hpp"
#include "common/base/result.hpp"
#include "common/keys/public_key.hpp"
#include "common/records/grant.hpp"
#include "common/records/published_place.hpp"
#include "common/records/registry.hpp"

#include <string>
#include <vector>

namespace rassist::authkeys {

/// assist: a shell, and forwards to what the window reaches.
[[nodiscard]] Result<std::string> make_assist_line(const Grant& grant);
/// tunnel: listeners on the device's own address and on the places where it is published, and
/// `hold`.
[[nodiscard]] Result<std::string> make_tunnel_line(const Grant& grant, const Device& device,
	const std::vector<PublishedPlace>& published, const Paths& paths);
/// identity and activation: `enroll` and nothing else. `fingerprint` is the key's.
[[nodiscard]] Result<std::string> make_enroll_line(
	const Grant& grant, const Fingerprint& fingerprint, const Paths& paths);
/// staff: `desk`, and forwards to these devices, at most kLineCarries of them.
[[nodiscard]] Result<std::string> make_staff_line(const Grant& grant,
	const Fingerprint& fingerprint, const std::vector<Serial>& devices, const Paths& paths);

}    // namespace rassist::authkeys
