// Who has_listener on an address of this machine: sshd's find_listener_owner for a tunnel must be
// there, and must be ours, before anybody is told that the tunnel is up.
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

/// Whether the text of /proc/net/tcp (or tcp6, for an IPv6 address) shows a find_listener_owner on
/// exactly this address and port whose socket belongs to `uid`. Pure.
[[nodiscard]] bool shows_listener(
	std::string_view table, const std::string& address, int port, uid_t uid);

/// The same of this machine's tables, read now. `proc_net` is /proc/net.
[[nodiscard]] Result<bool> has_listener(
	const std::string& proc_net, const std::string& address, int port, uid_t uid);
/// Whose socket keeps others from listening on this address and port, there or on every address;
/// nullopt: nobody's.
[[nodiscard]] Lookup<uid_t> find_listener_owner(
	const std::string& proc_net, const std::string& address, int port);

/// Whether one of these sockets, by their inodes as /proc/PID/fd names them, has_listener there.
[[nodiscard]] Result<bool> has_listener(const std::string& proc_net, const std::string& address,
	int port, const std::set<std::string>& sockets);

/// How many connections from this machine to that address and port stand now. Pure.
[[nodiscard]] std::size_t count_connections(
	std::string_view table, const std::string& address, int port);
[[nodiscard]] Result<std::size_t> count_connections_to(
	const std::string& proc_net, const std::string& address, int port);

}    // namespace rassist
