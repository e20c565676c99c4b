// Whether a tunnel may stand, from the relay's records at this moment. Pure but for read_records.
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

/// What the records say. The grant is the one that the serial has now, whoever it was issued to.
struct TunnelRecords {
	Lookup<Grant> grant;
	Lookup<Device> device;
};
[[nodiscard]] TunnelRecords read_tunnel_records(
	const Paths& paths, const Serial& serial, uid_t root = 0);

/// The window that a hold stands for, and until when, as it last knew.
struct TunnelWindow {
	Id window;
	std::int64_t until = 0;                ///< UTC seconds
	std::optional<std::int64_t> twin{};    ///< of the grant
};

/// An TunnelEnd, or what the tunnel stands for from now on. `former` is none at the start.
struct TunnelVerdict {
	std::optional<TunnelEnd> end;
	std::optional<TunnelWindow> window;
};

/// Ends: a device unknown or blocked; no grant; the grant of another window (the same window may
/// have another key by now: its agent began anew); the end of the grant's time; records that cannot
/// be read.
[[nodiscard]] TunnelVerdict judge_tunnel(
	const TunnelRecords& records, const std::optional<TunnelWindow>& former, const Now& now);

}    // namespace rassist::hold
