// Which relay, and the host keys it must show: what `setup device` and `setup support` write, and
// take away again. Nothing is trusted on first use.
#pragma once

#include "common/base/relay_address.hpp"
#include "common/base/result.hpp"
#include "common/keys/public_key.hpp"
#include "rassist/frame/verb.hpp"

#include <string>
#include <vector>

namespace rassist::cli {

struct Pinned {
	RelayAddress relay;
	std::vector<PublicKey> keys;
};

/// The file to write, and what.
struct Paper {
	std::string path;
	std::string text;
};

/// "relay.example.com:443,2222": as the device's configuration takes it.
[[nodiscard]] std::string written(const RelayAddress& relay);
/// Lines of a known_hosts file. ssh looks the relay up by its name alone (HostKeyAlias), whatever
/// the port.
[[nodiscard]] std::string pins_of(const Pinned& pinned);
/// RELAY and each --host-key. An error is one of usage.
[[nodiscard]] Result<Pinned> parse_pinned(const Arguments& arguments);
/// Writes them in their order, and says so.
[[nodiscard]] Result<int> write_papers(const Context& context, const std::vector<Paper>& papers);
/// Takes them away, and says so.
[[nodiscard]] Result<int> remove_papers(
	const Context& context, const std::vector<std::string>& paths);

}    // namespace rassist::cli
