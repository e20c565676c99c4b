// Whether open devices answer end to end, as a relay's root sees it: libexec's `probe` asks them as
// rassist-support, whom the guard rules let connect.
#pragma once

#include "common/base/json.hpp"
#include "common/records/probe.hpp"
#include "common/system/clock.hpp"
#include "rassist/frame/context.hpp"

#include <optional>
#include <string>
#include <vector>

namespace rassist::cli {

/// Has those devices asked of which nothing fresh is known. For somebody who is not root it does
/// nothing and is ok: what is known has to do. unavailable: they are too many at once.
[[nodiscard]] Status probe_devices(const Context& context, const std::vector<Serial>& serials);

/// What is known of a device whose tunnel is up; nullopt where nothing is known since it came up.
[[nodiscard]] std::optional<Probe> read_fresh_probe(const Context& context, const Serial& serial);

/// What is known, for a person: "answers, 12s ago".
[[nodiscard]] std::string format_probe(const std::optional<Probe>& probe, const Now& now);
[[nodiscard]] Json make_probe_json(const Probe& probe, const Now& now);

}    // namespace rassist::cli
