// What the device's agent tells everybody about its tunnel: /run/rassist-agent/status, section
// [status], 0644, written by rassist-agent at each change. While no window is open there is no such
// file.
#pragma once

#include "common/base/paths.hpp"
#include "common/base/result.hpp"
#include "common/records/published_place.hpp"

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace rassist {

enum class AgentState {
	starting,      ///< nothing tried yet
	enrolling,     ///< asking a relay to accept the window's tunnel key
	connecting,    ///< the tunnel's ssh runs, the relay has not said `ready`
	up,            ///< the relay said `ready` and is heard
	waiting,       ///< nothing runs; tries again at next_try
	/// nothing runs: each relay refuses for a reason that only people can mend; it asks again at
	/// next_try
	refused,
	ended,    ///< the window is over
};

/// Why there is no tunnel, or why the last renewal failed. The sentence for people is in
/// last_error.
enum class Trouble {
	none,
	unreachable,       ///< the relay's name, address or port does not answer
	proxy,             ///< the HTTP proxy does not answer or refuses
	timeout,           ///< connected, and then no answer in time
	lost,              ///< the connection ended
	silent,            ///< the relay was not heard for the heartbeat's limit
	protocol,          ///< what answers is no relay, or not one that we understand
	host_key,          ///< the relay's host key is not the pinned one
	identity,          ///< the relay does not know the device's identity key
	not_activated,     ///< this device has no identity key
	grant_gone,        ///< the relay no longer accepts the window's tunnel key
	port_held,         ///< an older tunnel of this device still holds the address
	serial_unknown,    ///< not registered at the relay
	blocked,           ///< by the relay's admin
	revoked,           ///< the tunnel was taken back by the relay's admin
	refused,           ///< another refusal that does not pass by itself
	relay_failed,      ///< the relay could not do it now
	elsewhere,         ///< another relay serves this device
	displaced,         ///< another machine with this device's identity took the tunnel over
	/// another machine with this device's identity: beside a tunnel that is up, or with a newer
	/// window, which is why there is none
	twin,
	/// something on this device: ssh cannot be started, a file cannot be written
	local,
};

struct AgentStatus {
	AgentState state = AgentState::starting;
	std::string window;        ///< its id
	std::string relay;         ///< host:port that is used or tried
	std::string relay_name;    ///< what the relay calls itself; "" until it answered
	std::string address;       ///< the device's on the relay; "" until it answered
	/// where others reach this device's services by the tunnel that is up
	std::vector<PublishedPlace> published;
	/// what is missing there, and why: one sentence; "" where nothing is
	std::string unpublished;
	std::int64_t since = 0;    ///< UTC: when this state began
	/// UTC: how long the relay accepts the tunnel key without a new enrolment; 0: not enrolled
	std::int64_t until = 0;
	Trouble trouble = Trouble::none;
	std::string last_error;       ///< one sentence; "" where nothing is wrong
	std::string attempt;          ///< correlation id, the same in the relay's journal
	std::int64_t next_try = 0;    ///< UTC; 0 where nothing is planned
};

[[nodiscard]] std::string_view format_agent_state(AgentState state);
[[nodiscard]] std::string_view format_trouble(Trouble trouble);

[[nodiscard]] Result<AgentStatus> parse_agent_status(
	std::string_view text, std::string_view file_name);
[[nodiscard]] std::string format_agent_status(const AgentStatus& status);

/// Reads the file; `agent` is the uid it must belong to. not_found where no agent runs.
[[nodiscard]] Result<AgentStatus> load_agent_status(const Paths& paths, uid_t agent);

}    // namespace rassist
