// Whether a tunnel may stand, by the relay's records at this moment. All is pure but
// read_tunnel_records.
#pragma once

#include "common/base/lookup.hpp"
#include "common/base/parse.hpp"
#include "common/base/paths.hpp"
#include "common/base/result.hpp"
#include "common/records/grant.hpp"
#include "common/records/registry.hpp"
#include "common/system/clock.hpp"
#include "common/wire/heartbeat.hpp"

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace rassist::hold {

/// Why a tunnel ends: the word for the device and the sentence for the journal.
struct TunnelEnd {
	Bye bye = Bye::failed;
	std::string reason;
};

/// What the records say. The grant is the one that the serial has now, whichever machine it was
/// issued to.
struct TunnelRecords {
	Lookup<Grant> grant;
	Lookup<Device> device;
};
[[nodiscard]] TunnelRecords read_tunnel_records(
	const Paths& paths, const Serial& serial, uid_t root = 0);

/// The window for which a hold keeps the tunnel, as the records said last.
struct TunnelWindow {
	Id window;
	std::int64_t until = 0;                ///< UTC seconds
	std::optional<std::int64_t> twin{};    ///< of the grant
};

/// Either the tunnel's end, or the window for which it stands from now on.
struct TunnelVerdict {
	std::optional<TunnelEnd> end;
	std::optional<TunnelWindow> window;
};

/// A tunnel ends where the device is unknown or blocked, where there is no grant, where the grant
/// is another window's (the same window may have another key by now, when its agent began anew),
/// where the grant's time is over, and where the records cannot be read. `former` is none at the
/// start.
[[nodiscard]] TunnelVerdict judge_tunnel(
	const TunnelRecords& records, const std::optional<TunnelWindow>& former, const Now& now);

}    // namespace rassist::hold
