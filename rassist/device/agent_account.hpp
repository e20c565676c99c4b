// The account that owns a device's identity and runs the agent, and what the agent tells.
#pragma once

#include "common/records/agent_status.hpp"
#include "common/records/window.hpp"
#include "rassist/frame/context.hpp"

#include <sys/types.h>

#include <optional>

namespace rassist::cli {

struct AgentAccount {
	uid_t uid = 0;
	gid_t gid = 0;
};
/// unavailable: there is none, for systemd-sysusers(8) did not make it.
[[nodiscard]] Result<AgentAccount> find_agent_account(const Context& context);

/// What the agent of this window tells; none where none runs. A status file that tells of another
/// window is an older agent's.
[[nodiscard]] std::optional<AgentStatus> read_agent_status(
	const Context& context, const Window& window);

}    // namespace rassist::cli
