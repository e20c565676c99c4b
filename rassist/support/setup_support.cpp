// setup support: it says over which relay this workstation reaches devices.
#include "common/base/parse_network.hpp"
#include "common/system/files_write.hpp"
#include "rassist/frame/actions.hpp"
#include "rassist/frame/relay_pins.hpp"
#include "rassist/frame/setup_files.hpp"

namespace rassist::cli {

namespace {

/// The settings that all pinned logins share. ssh takes the first value that it finds, so a
/// person's own ssh_config goes before these.
std::string format_pinned_login(const std::string& host, const std::string& known_hosts) {
	return "\tHostKeyAlias " + host + "\n\tUserKnownHostsFile " + known_hosts +
		   "\n"
		   "\tGlobalKnownHostsFile none\n"
		   "\tStrictHostKeyChecking yes\n"
		   "\tUpdateHostKeys no\n"
		   "\tCheckHostIP no\n"
		   "\tForwardAgent no\n"
		   "\tForwardX11 no\n";
}

/// `ssh SERIAL.rassist` jumps over rassist-relay; `ssh -J rassist-support@RELAY:PORT` meets the
/// same pins.
std::string format_support_config(const RelayAddress& relay, const std::string& known_hosts) {
	const std::string account(kSupportAccount);
	return "# Written by `rassist setup support`, which also takes it away (--undo). The rest "
		   "stands in 50-rassist.conf.\n"
		   "Host rassist-relay\n"
		   "\tHostName " +
		   relay.host + "\n\tPort " + std::to_string(relay.ports.front()) + "\n\tUser " + account +
		   "\n" + format_pinned_login(relay.host, known_hosts) + "\nMatch host " + relay.host +
		   " user " + account + "\n" + format_pinned_login(relay.host, known_hosts);
}

}    // namespace

Result<int> setup_support_verb(Context& context, const Arguments& arguments) {
	const std::string& config = context.relay_ssh;
	const std::string pins = context.paths.etc + "/support_known_hosts";
	if (arguments.has("undo"))
		return remove_setup_files(context, {config, pins});
	const auto pinned = parse_pinned_relay(arguments);
	if (!pinned)
		return context.usage(pinned.error().what);
	if (pinned->relay.ports.size() > 1)
		return context.usage("ssh takes one port: RELAY:PORT");
	if (auto made = make_folder(context.paths.etc, 0755); !made)
		return std::move(made).error();
	return write_setup_files(context,
		{{pins, format_relay_pins(*pinned)}, {config, format_support_config(pinned->relay, pins)}});
}

}    // namespace rassist::cli
