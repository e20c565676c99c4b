#include "common/base/relay_address.hpp"

#include "common/base/parse.hpp"
#include "common/base/parse_network.hpp"

#include <algorithm>

namespace rassist {
namespace {

constexpr std::size_t kPortsMax = 8;

}    // namespace

Result<RelayAddress> parse_relay_address(std::string_view text) {
	Result<HostRest> parts = split_host(text);
	if (!parts)
		return std::move(parts).error();
	RelayAddress relay{std::move(parts->host), {}};
	if (!parts->rest) {
		relay.ports.push_back(443);
		return relay;
	}
	for (std::string_view rest = *parts->rest;;) {
		const std::size_t comma = rest.find(',');
		const Result<int> port = parse_port(rest.substr(0, comma));
		if (!port)
			return port.error();
		if (std::find(relay.ports.begin(), relay.ports.end(), *port) != relay.ports.end())
			return Error{
				Fault::invalid, quoted(text) + " names port " + std::to_string(*port) + " twice"};
		if (relay.ports.size() == kPortsMax)
			return Error{Fault::invalid,
				quoted(text) + " names more than " + std::to_string(kPortsMax) + " ports"};
		relay.ports.push_back(*port);
		if (comma == std::string_view::npos)
			return relay;
		rest.remove_prefix(comma + 1);
	}
}

}    // namespace rassist
