// Whether devices can be reached, end to end: the banner of the device's own ssh is read through
// its tunnel. This runs as rassist-support, the one account that the guard's rules let connect
// there.
#pragma once

#include "common/base/parse.hpp"
#include "common/base/paths.hpp"
#include "common/base/result.hpp"
#include "common/records/probe.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace rassist::probe {

/// A device whose tunnel is up.
struct ProbeTarget {
	Serial serial;
	std::string address;          ///< its own on the relay
	std::int64_t up_since = 0;    ///< UTC seconds
};

/// So many devices are asked at once. Where more would have to be asked, none is, and what is known
/// already has to do.
inline constexpr std::size_t kProbesMost = 200;

struct ProbeAnswers {
	std::map<Serial, Probe> probes;    ///< those who were asked, now or shortly before
	bool too_many = false;             ///< to be asked: what is here is what was known
};

/// Takes what is known and fresh from /run/rassist/probes. The other devices are asked, all at once
/// and for two seconds at most, and what they say is kept there.
[[nodiscard]] ProbeAnswers probe_all(
	const Paths& paths, const std::vector<ProbeTarget>& targets, std::int64_t now);

/// The network's part: what answers at each address on that port within `limit`, which is one
/// deadline for all. `at` is left to the caller.
[[nodiscard]] std::vector<Probe> probe_addresses(
	const std::vector<std::string>& addresses, int port, std::chrono::milliseconds limit);

}    // namespace rassist::probe
