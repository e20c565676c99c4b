// It looks at where the relay's door is open: another program may have had a port first (sshd then
// goes on with the others), and a firewall may keep people away.
#include "rassist/doctor/checks.hpp"

#include "common/base/parse.hpp"
#include "common/base/parse_network.hpp"
#include "common/base/unique_fd.hpp"
#include "common/sessions/listeners.hpp"
#include "common/system/listing.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <set>

namespace rassist::cli::doctor {

namespace {

/// The inodes of a process's sockets (proc_pid_fd(5): "socket:[123]").
std::set<std::string> sockets_of(const std::string& pid) {
	constexpr std::string_view kBefore = "socket:[";
	std::set<std::string> sockets;
	const UniqueFd folder(
		::open(("/proc/" + pid + "/fd").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	const auto names = folder ? list_folder(folder.get())
							  : Result<std::vector<std::string>>(std::vector<std::string>());
	for (const std::string& name : names ? *names : std::vector<std::string>()) {
		std::array<char, 64> target{};
		const ssize_t length =
			::readlinkat(folder.get(), name.c_str(), target.data(), target.size());
		const std::string_view link(
			target.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
		if (link.starts_with(kBefore) && link.ends_with(']'))
			sockets.emplace(link.substr(kBefore.size(), link.size() - kBefore.size() - 1));
	}
	return sockets;
}

bool has_ipv6() {
	struct stat file {};
	return stat("/proc/net/if_inet6", &file) == 0;
}

/// firewalld may let a port in as itself or as the service that it usually is.
void look_at_firewalld(ExaminedHost& host, const std::set<int>& ports) {
	const auto says_yes = [&](const std::string& question) {
		const auto answer = host.ask({"/usr/bin/firewall-cmd", question});
		return answer && answer->status == 0;
	};
	if (!says_yes("--state"))
		return;    // not there, or not in force
	for (const int port : ports) {
		const std::string word = std::to_string(port) + "/tcp";
		if (!says_yes("--query-port=" + word) &&
			!(port == 443 && says_yes("--query-service=https"))) {
			host.findings.warning("firewalld does not let port " + word + " in (its default zone)",
				"firewall-cmd --permanent --add-port=" + word + " && firewall-cmd --reload");
		}
	}
}

}    // namespace

void look_at_ports(ExaminedHost& host) {
	const auto shown = host.ask(
		{"/usr/bin/systemctl", "show", "--property=MainPID", "--value", "rassist-relay.service"});
	const std::string pid(shown ? trimmed(shown->out) : "0");
	if (pid == "0")
		return;    // a door that is shut is the units' check
	const std::set<std::string> sockets = sockets_of(pid);
	std::set<int> ports;
	for (const HostPort& place : host.listen_addresses) {
		ports.insert(place.port);
		const auto open = has_listener("/proc/net", place.host, place.port, sockets);
		if (open && !*open && (!is_ipv6(place.host) || has_ipv6())) {
			host.findings.fault("the door is not open at " + place.str() +
									": another program has that port, or it may not be bound",
				"ss -ltnp shows who has it; then: systemctl reload rassist-relay");
		}
	}
	look_at_firewalld(host, ports);
}

}    // namespace rassist::cli::doctor
