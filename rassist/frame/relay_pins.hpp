// A relay and the host keys it must show, as `setup device` and `setup support` are given them.
// Nothing is trusted on first use.
#pragma once

#include "common/base/relay_address.hpp"
#include "common/base/result.hpp"
#include "common/keys/public_key.hpp"
#include "rassist/frame/options.hpp"

#include <string>
#include <vector>

namespace rassist::cli {

struct PinnedRelay {
	RelayAddress relay;
	std::vector<PublicKey> keys;
};

/// "relay.example.com:443,2222", as the device's configuration takes it.
[[nodiscard]] std::string format_relay_address(const RelayAddress& relay);
/// The lines of a known_hosts file. ssh looks the relay up by its name alone (HostKeyAlias),
/// whatever the port.
[[nodiscard]] std::string format_relay_pins(const PinnedRelay& pinned);
/// Reads RELAY and each --host-key. An error is one of usage.
[[nodiscard]] Result<PinnedRelay> parse_pinned_relay(const Arguments& arguments);

}    // namespace rassist::cli
