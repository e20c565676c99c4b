#include "rassist/frame/relay_pins.hpp"

#include "common/base/parse_network.hpp"
#include "common/base/relay_address.hpp"
#include "common/system/files_write.hpp"
#include "rassist/frame/public_key_argument.hpp"

namespace rassist::cli {

std::string format_relay_address(const RelayAddress& relay) {
	std::string text = HostPort{relay.host, relay.ports.front()}.str();
	for (auto port = relay.ports.begin() + 1; port != relay.ports.end(); ++port)
		text += "," + std::to_string(*port);
	return text;
}

std::string format_relay_pins(const PinnedRelay& pinned) {
	std::string text;
	for (const PublicKey& key : pinned.keys)
		text += pinned.relay.host + " " + key.str() + "\n";
	return text;
}

Result<PinnedRelay> parse_pinned_relay(const Arguments& arguments) {
	if (arguments.operands().empty())
		return Error{Fault::invalid, "the relay is missing"};
	if (!arguments.has("host-key")) {
		return Error{
			Fault::invalid, "--host-key is missing: `rassist setup relay` prints it on the relay"};
	}
	auto relay = parse_relay_address(arguments.operands()[0]);
	if (!relay)
		return std::move(relay).error();
	PinnedRelay pinned{*std::move(relay), {}};
	for (const std::string& argument : arguments.values("host-key")) {
		auto key = read_public_key(argument);
		if (!key)
			return std::move(key).error().within("--host-key");
		pinned.keys.push_back(*std::move(key));
	}
	return pinned;
}

}    // namespace rassist::cli
