// The stock ssh command line with which a device logs in to its relay. The agent's enrolment and
// tunnel and `rassist activate` use it. Pure.
#pragma once

#include "common/base/parse.hpp"
#include "common/base/parse_network.hpp"

#include <optional>
#include <string>
#include <vector>

namespace rassist {

inline constexpr const char* kSocat = "/usr/bin/socat";    ///< socat(1), the way through a proxy

/// One way to a relay.
struct RelayLogin {
	std::string account;
	std::string host;    ///< also the HostKeyAlias: the pin does not depend on the port
	int port = 0;
	std::string identity_file;        ///< private key
	std::string known_hosts;          ///< the pins, known_hosts format
	std::optional<HostPort> proxy;    ///< HTTP CONNECT, by socat
	std::string config_file;          ///< -F: includes the system's crypto policy and nothing else
};

/// One -R: a listener on the relay and what it leads to here (a socket path or host:port).
struct RemoteForward {
	std::string address;
	int port = 0;
	std::string target;
};

/// argv for /usr/bin/ssh: BatchMode, no agent, no ControlPath, UpdateHostKeys no,
/// StrictHostKeyChecking yes, only these known hosts, ExitOnForwardFailure, ServerAlive,
/// IdentitiesOnly, -T, then the forwards, the host and `command`.
[[nodiscard]] std::vector<std::string> make_relay_ssh_argv(const RelayLogin& login,
	const std::vector<RemoteForward>& forwards, const std::string& command);

/// The environment of that ssh, whole: PATH, LC_ALL=C.
[[nodiscard]] std::vector<std::string> make_relay_ssh_environment();

}    // namespace rassist
