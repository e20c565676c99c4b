// What the guard's rules shall protect, by the configuration: the sets of sshd/guard.nft. Pure.
#pragma once

#include "common/base/parse_network.hpp"
#include "common/records/config.hpp"
#include "common/records/publication.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace rassist::guard {

/// `outgoing` are the ports that the kernel gives to this machine's own connections. The rules must
/// not apply to them, so where publish-ports holds one of them nothing is published.
[[nodiscard]] Guarding plan_guarding(const Config& config, PortRange outgoing);

/// The text of one transaction of nft: the sets as they shall be, and a generation by which one
/// sees that they are in force.
[[nodiscard]] std::string format_sets(
	const Guarding& guarding, const std::vector<Network>& support_from, std::uint32_t generation);

/// The generation as nft prints it: "0x0000002a".
[[nodiscard]] std::string format_generation(std::uint32_t generation);

}    // namespace rassist::guard
