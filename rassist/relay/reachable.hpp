// Whether open devices answer end to end, as a relay's root sees it: libexec's `probe` asks them as
// rassist-support, whom the guard rules let connect.
#pragma once

#include "common/base/json.hpp"
#include "common/records/probe.hpp"
#include "common/system/clock.hpp"
#include "rassist/frame/verb.hpp"

#include <optional>
#include <string>
#include <vector>

namespace rassist::cli {

/// Has those asked of whom nothing fresh is known. ok for who is not root: then what is known has
/// to do. unavailable: too many at once.
[[nodiscard]] Status ask_devices(const Context& context, const std::vector<Serial>& serials);

/// What is known of a device whose tunnel is up; nullopt where nothing is known since it came up.
[[nodiscard]] std::optional<Probe> probe_of(const Context& context, const Serial& serial);

/// "answers, 12s ago"
[[nodiscard]] std::string probe_sentence(const std::optional<Probe>& probe, const Now& now);
[[nodiscard]] Json probe_json(const Probe& probe, const Now& now);

}    // namespace rassist::cli
