// The window's tunnel key. It is made fresh for each window, over the last one's, and used again by
// an agent that was restarted within its window.
#pragma once

#include "common/base/parse.hpp"
#include "common/base/paths.hpp"
#include "common/base/result.hpp"
#include "common/keys/public_key.hpp"

#include <string>

namespace rassist::agent {

struct TunnelKey {
	/// the private half, 0600, in the agent's own folder; it never leaves the device
	std::string file;
	PublicKey key;
};

/// Loads the key of this window, or makes one. Beside it lies `tunnel_key.window`, which says whose
/// it is and holds the public half.
[[nodiscard]] Result<TunnelKey> load_or_make_tunnel_key(const Paths& paths, const Id& window);

}    // namespace rassist::agent
