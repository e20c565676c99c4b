#include "rassist/frame/relay_pins.hpp"

#include "common/base/parse_network.hpp"
#include "common/base/relay_address.hpp"
#include "common/system/files_write.hpp"
#include "rassist/frame/public_key_argument.hpp"

#include <sys/stat.h>
#include <sysexits.h>

#include <ostream>

namespace rassist::cli {

std::string written(const RelayAddress& relay) {
	std::string text = HostPort{relay.host, relay.ports.front()}.str();
	for (auto port = relay.ports.begin() + 1; port != relay.ports.end(); ++port)
		text += "," + std::to_string(*port);
	return text;
}

std::string pins_of(const Pinned& pinned) {
	std::string text;
	for (const PublicKey& key : pinned.keys)
		text += pinned.relay.host + " " + key.str() + "\n";
	return text;
}

Result<Pinned> parse_pinned(const Arguments& arguments) {
	if (arguments.operands().empty())
		return Error{Fault::invalid, "the relay is missing"};
	if (!arguments.has("host-key")) {
		return Error{
			Fault::invalid, "--host-key is missing: `rassist setup relay` prints it on the relay"};
	}
	auto relay = parse_relay_address(arguments.operands()[0]);
	if (!relay)
		return std::move(relay).error();
	Pinned pinned{*std::move(relay), {}};
	for (const std::string& argument : arguments.values("host-key")) {
		auto key = read_public_key(argument);
		if (!key)
			return std::move(key).error().within("--host-key");
		pinned.keys.push_back(*std::move(key));
	}
	return pinned;
}

Result<int> write_papers(const Context& context, const std::vector<Paper>& papers) {
	for (const Paper& paper : papers) {
		if (auto done = write_file(
				paper.path, paper.text, Attributes{.mode = 0644, .owner = {}, .group = {}});
			!done)
			return std::move(done).error();
		context.out << "Wrote " << paper.path << "\n";
	}
	return EX_OK;
}

Result<int> remove_papers(const Context& context, const std::vector<std::string>& paths) {
	for (const std::string& path : paths) {
		struct stat there {};
		if (lstat(path.c_str(), &there) != 0) {
			context.out << path << " is not there; nothing to undo\n";
			continue;
		}
		if (auto removed = remove_file(path); !removed)
			return std::move(removed).error();
		context.out << "Removed " << path << "\n";
	}
	return EX_OK;
}

}    // namespace rassist::cli
