// desk's answers as JSON. Times are UTC as format_utc writes them; what means nothing in a state is
// left out.
#pragma once

#include "common/system/clock.hpp"
#include "relay/desk.hpp"

#include <string>
#include <vector>

namespace rassist::desk {

/// {"devices": [{"serial": …, "state": "open", "since": …, "until": …, "left": SECONDS, "probe":
/// {…}, "note": …}, …]}
[[nodiscard]] std::string format_list_json(const std::vector<DeviceView>& views, const Now& now);
/// One object of that array.
[[nodiscard]] std::string format_device_view_json(const DeviceView& view, const Now& now);

}    // namespace rassist::desk
