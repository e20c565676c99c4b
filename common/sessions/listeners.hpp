// Which sockets listen on an address of this machine, and whose they are: sshd's listener for a
// tunnel must be there, and must be ours, before anybody is told that the tunnel is up.
#pragma once

#include "common/base/lookup.hpp"
#include "common/base/result.hpp"

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace rassist {

/// Whether the text of /proc/net/tcp (or tcp6, for an IPv6 address) shows a listener on exactly
/// this address and port whose socket belongs to `uid`. Pure.
[[nodiscard]] bool shows_listener(
	std::string_view table, const std::string& address, int port, uid_t uid);

/// Asks the same of this machine's tables, which are read now. `proc_net` is /proc/net.
[[nodiscard]] Result<bool> has_listener(
	const std::string& proc_net, const std::string& address, int port, uid_t uid);
/// Finds the owner of the socket that keeps others from listening on this address and port; it may
/// listen there or on every address. nullopt: there is none.
[[nodiscard]] Lookup<uid_t> find_listener_owner(
	const std::string& proc_net, const std::string& address, int port);

/// Whether one of these sockets, by their inodes as /proc/PID/fd names them, listens there.
[[nodiscard]] Result<bool> has_listener(const std::string& proc_net, const std::string& address,
	int port, const std::set<std::string>& sockets);

/// How many connections from this machine to that address and port stand now. Pure.
[[nodiscard]] std::size_t count_connections(
	std::string_view table, const std::string& address, int port);
[[nodiscard]] Result<std::size_t> count_connections_to(
	const std::string& proc_net, const std::string& address, int port);

}    // namespace rassist
