// setup device, setup support: which relay, and the host keys it must show. Nothing is trusted on first use.
#include "rassist/actions.hpp"
#include "rassist/relay.hpp"

#include "common/files.hpp"
#include "common/parse.hpp"

#include <sys/stat.h>
#include <sysexits.h>

#include <ostream>

namespace rassist::cli {

namespace {

struct Pinned {
	RelayAddress relay;
	std::vector<PublicKey> keys;
};

/// The file to write, and what.
struct Paper {
	std::string path;
	std::string text;
};

std::string written(const RelayAddress& relay) {
	std::string text = HostPort{relay.host, relay.ports.front()}.str();
	for (auto port = relay.ports.begin() + 1; port != relay.ports.end(); ++port) {
		text += "," + std::to_string(*port);
	}
	return text;
}

/// ssh looks the relay up by its name alone (HostKeyAlias), whatever the port.
std::string pins_of(const Pinned& pinned) {
	std::string text;
	for (const PublicKey& key : pinned.keys) {
		text += pinned.relay.host + " " + key.str() + "\n";
	}
	return text;
}

Result<Pinned> parse_pinned(const Arguments& arguments) {
	if (arguments.operands().empty()) {
		return Error{Fault::invalid, "the relay is missing"};
	}
	if (!arguments.has("host-key")) {
		return Error{Fault::invalid, "--host-key is missing: `rassist setup relay` prints it on the relay"};
	}
	auto relay = parse_relay_address(arguments.operands()[0]);
	if (!relay) {
		return std::move(relay).error();
	}
	Pinned pinned{*std::move(relay), {}};
	for (const std::string& argument : arguments.values("host-key")) {
		auto key = read_public_key(argument);
		if (!key) {
			return std::move(key).error().within("--host-key");
		}
		pinned.keys.push_back(*std::move(key));
	}
	return pinned;
}

Result<int> write_papers(const Context& context, const std::vector<Paper>& papers) {
	for (const Paper& paper : papers) {
		if (auto done = write_file(paper.path, paper.text, Attributes{.mode = 0644, .owner = {}, .group = {}}); !done) {
			return std::move(done).error();
		}
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
		if (auto removed = remove_file(path); !removed) {
			return std::move(removed).error();
		}
		context.out << "Removed " << path << "\n";
	}
	return EX_OK;
}

/// What each pinned login shares. Each value is the first that ssh finds, so a person's own ssh_config goes before it.
std::string pinned_login(const std::string& host, const std::string& known_hosts) {
	return "\tHostKeyAlias " + host + "\n\tUserKnownHostsFile " + known_hosts +
		   "\n"
		   "\tGlobalKnownHostsFile none\n"
		   "\tStrictHostKeyChecking yes\n"
		   "\tUpdateHostKeys no\n"
		   "\tCheckHostIP no\n"
		   "\tForwardAgent no\n"
		   "\tForwardX11 no\n";
}

/// `ssh SERIAL.rassist` jumps over rassist-relay; `ssh -J rassist-support@RELAY:PORT` meets the same pins.
std::string support_config(const RelayAddress& relay, const std::string& known_hosts) {
	const std::string account(kSupportAccount);
	return "# Written by `rassist setup support`, which also takes it away (--undo). The rest stands in 50-rassist.conf.\n"
		   "Host rassist-relay\n"
		   "\tHostName " +
		   relay.host + "\n\tPort " + std::to_string(relay.ports.front()) + "\n\tUser " + account + "\n" + pinned_login(relay.host, known_hosts) +
		   "\nMatch host " + relay.host + " user " + account + "\n" + pinned_login(relay.host, known_hosts);
}

}    // namespace

Result<int> setup_device_verb(Context& context, const Arguments& arguments) {
	const std::string config = context.paths.config_dropins() + "/40-relay.conf";
	const std::string pins = context.paths.relay_pins();
	if (arguments.has("undo")) {
		return remove_papers(context, {config, pins});
	}
	const auto pinned = parse_pinned(arguments);
	if (!pinned) {
		return context.usage(pinned.error().what);
	}
	if (auto made = make_folder(context.paths.config_dropins(), 0755); !made) {
		return std::move(made).error();
	}
	const std::string text = "# Written by `rassist setup device`.\n[device]\nrelays = " + written(pinned->relay) + "\n";
	return write_papers(context, {{pins, pins_of(*pinned)}, {config, text}});
}

Result<int> setup_support_verb(Context& context, const Arguments& arguments) {
	const std::string& config = context.relay_ssh;
	const std::string pins = context.paths.etc + "/support_known_hosts";
	if (arguments.has("undo")) {
		return remove_papers(context, {config, pins});
	}
	const auto pinned = parse_pinned(arguments);
	if (!pinned) {
		return context.usage(pinned.error().what);
	}
	if (pinned->relay.ports.size() > 1) {
		return context.usage("ssh takes one port: RELAY:PORT");
	}
	if (auto made = make_folder(context.paths.etc, 0755); !made) {
		return std::move(made).error();
	}
	return write_papers(context, {{pins, pins_of(*pinned)}, {config, support_config(pinned->relay, pins)}});
}

}    // namespace rassist::cli
