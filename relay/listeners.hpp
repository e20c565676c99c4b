// Who listens on an address of this machine: sshd's listener for the tunnel must be there, and must be ours, before anybody is told that the tunnel
// is up.
#pragma once

#include "common/result.hpp"

#include <sys/types.h>

#include <string>
#include <string_view>

namespace rassist::hold {

/// Whether the text of /proc/net/tcp (or tcp6, for an IPv6 address) shows a listener on exactly this address and port whose socket belongs to `uid`.
/// Pure.
[[nodiscard]] bool shows_listener(std::string_view table, const std::string& address, int port, uid_t uid);

/// The same of this machine's tables, read now. `proc_net` is /proc/net.
[[nodiscard]] Result<bool> listens(const std::string& proc_net, const std::string& address, int port, uid_t uid);

}    // namespace rassist::hold
