// Which devices are open now within a person's scope: the helper puts them into a staff key's line,
// and the desk shows them. The cost follows what the scope names, not the size of the registry: a
// serial is looked up, a pattern is held against the names of open devices, a group by its index.
#pragma once

#include "common/base/parse.hpp"
#include "common/base/paths.hpp"
#include "common/base/result.hpp"
#include "common/records/registry.hpp"

#include <sys/types.h>

#include <cstddef>
#include <limits>
#include <vector>

namespace rassist {

/// A staff key's line carries no more devices: sshd refuses a key with more than 4096 permitopen
/// silently, and each device needs two.
inline constexpr std::size_t kLineCarries = 1000;

/// Whether one of these covers the device.
[[nodiscard]] bool covers(const std::vector<Scope>& scope, const Device& device);

/// Finds the devices whose tunnel is up, that the registry knows and does not block, and that the
/// scope covers: those of `first` in that order, then the others by serial, at most `most`. The
/// registry has the last word on each. A damaged record hides its own device alone.
[[nodiscard]] Result<std::vector<Device>> find_open_in_scope(const Paths& paths,
	const std::vector<Scope>& scope, uid_t root = 0,
	std::size_t most = std::numeric_limits<std::size_t>::max(),
	const std::vector<Serial>& first = {});

}    // namespace rassist
