// A relay as the device's config names it.
#pragma once

#include "common/base/result.hpp"

#include <compare>
#include <string>
#include <string_view>
#include <vector>

namespace rassist {

/// "relay.example.com:443,2222"; no port means 443.
struct RelayAddress {
	std::string host;
	std::vector<int> ports;
	auto operator<=>(const RelayAddress&) const = default;
};
[[nodiscard]] Result<RelayAddress> parse_relay_address(std::string_view text);

}    // namespace rassist
