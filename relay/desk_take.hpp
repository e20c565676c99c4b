// `desk take` is for a person whose scope holds more open devices than a key's line carries: it
// names the device that the next connection is to reach.
#pragma once

#include "common/base/parse.hpp"
#include "common/base/paths.hpp"
#include "common/base/result.hpp"
#include "common/records/grant.hpp"
#include "common/system/clock.hpp"

#include <sys/types.h>

#include <cstddef>
#include <string>

namespace rassist::desk {

/// Notes the device as the one taken last, and returns what the person is told. not_found: it is
/// not registered, or is out of the person's scope. unavailable: it is there but cannot be reached
/// now, and nothing was noted.
[[nodiscard]] Result<std::string> take_device(
	const Paths& paths, const Grant& person, const Serial& serial, const Now& now, uid_t root = 0);

/// What `list` says below so many devices: how to reach those that one connection does not carry;
/// "" where it carries all.
[[nodiscard]] std::string format_more_hint(std::size_t open);

}    // namespace rassist::desk
