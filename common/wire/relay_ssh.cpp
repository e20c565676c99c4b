#include "common/wire/relay_ssh.hpp"

#include "common/base/parse_network.hpp"
#include "common/base/paths.hpp"

namespace rassist {
namespace {

std::string bracketed(const std::string& host) {
	return host.find(':') != std::string::npos ? "[" + host + "]" : host;
}

/// Run by ssh through /bin/sh: hosts have passed parse_host, so nothing in it means anything to a
/// shell but '[', hence the quotes.
std::string proxy_command(const HostPort& proxy, const std::string& host) {
	return std::string(kSocat) + " - 'PROXY:" + bracketed(proxy.host) + ":" +
		   (bracketed(host) == host ? "%h" : "[%h]") +
		   ":%p,proxyport=" + std::to_string(proxy.port) + "'";
}

}    // namespace

std::vector<std::string> make_relay_ssh_argv(const RelayLogin& login,
	const std::vector<RemoteForward>& forwards, const std::string& command) {
	std::vector<std::string> argv{"/usr/bin/ssh", "-F", login.config_file, "-T"};
	const auto option = [&](std::string text) {
		argv.emplace_back("-o");
		argv.push_back(std::move(text));
	};
	option("BatchMode=yes");
	option("IdentitiesOnly=yes");
	option("IdentityAgent=none");
	option("IdentityFile=" + login.identity_file);
	option("UserKnownHostsFile=" + login.known_hosts);
	option("GlobalKnownHostsFile=none");
	option("StrictHostKeyChecking=yes");
	option("HostKeyAlias=" + login.host);
	option("UpdateHostKeys=no");
	option("ControlMaster=no");
	option("ControlPath=none");
	option("ExitOnForwardFailure=yes");
	option("ServerAliveInterval=5");
	option("ServerAliveCountMax=2");
	option("ConnectTimeout=10");
	option("ForwardAgent=no");
	option("ForwardX11=no");
	option("PasswordAuthentication=no");
	option("KbdInteractiveAuthentication=no");
	option("PreferredAuthentications=publickey");
	option("LogLevel=ERROR");
	option("EscapeChar=none");
	option("PermitLocalCommand=no");
	if (login.proxy)
		option("ProxyCommand=" + proxy_command(*login.proxy, login.host));
	argv.emplace_back("-p");
	argv.push_back(std::to_string(login.port));
	for (const RemoteForward& forward : forwards) {
		argv.emplace_back("-R");
		argv.push_back(
			bracketed(forward.address) + ":" + std::to_string(forward.port) + ":" + forward.target);
	}
	argv.push_back(login.account + "@" + login.host);
	argv.push_back(command);
	return argv;
}

std::vector<std::string> make_relay_ssh_environment() { return {"PATH=/usr/bin:/bin", "LC_ALL=C"}; }

}    // namespace rassist
