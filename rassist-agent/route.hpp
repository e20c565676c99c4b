// Which relay, which of its ports, and when: the agent's order of trying. Pure: time and random
// numbers are handed in.
#pragma once

#include "common/base/parse.hpp"
#include "common/base/parse_network.hpp"
#include "common/base/relay_address.hpp"
#include "common/records/agent_status.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rassist::agent {

/// CLOCK_BOOTTIME: goes on while the machine sleeps, and nobody sets it
using Time = std::chrono::milliseconds;

/// One port of one relay.
struct Endpoint {
	std::string host;
	int port = 0;
	[[nodiscard]] std::string str() const { return HostPort{host, port}.str(); }
	auto operator<=>(const Endpoint&) const = default;
};

/// Where a failure leads. Zero is the most careful.
enum class Next {
	refuse_all,      ///< no relay before the poll
	refuse_relay,    ///< no port of this relay before the poll
	refuse_port,     ///< not this port before the poll
	/// no relay for a long time, longer each time until something changes on this machine
	give_way,
	next_relay,    ///< this round, no other port of this relay
	next_port,     ///< the next port, then the next relay
	same,          ///< the same again after a pause
};

/// What the agent does about a trouble.
struct Handling {
	Next next = Next::refuse_all;
	/// the longest pause; for a refusal the time to the poll, give or take a half
	Time cap{0};
	/// a refusal that another network may mend (somebody in between answered)
	bool network_helps = false;
	bool drops_grant = false;    ///< the relay no longer accepts the tunnel key: enrol first
};
[[nodiscard]] Handling handling(Trouble trouble);
[[nodiscard]] bool refuses(Next next);

/// Full jitter: a random time in [0, min(cap, 1 s · 2^tries)]. A fleet that lost its relay does not
/// come back in step.
[[nodiscard]] Time pause(int tries, Time cap, std::uint64_t random);

inline constexpr Time kPauseMax{60'000};
inline constexpr Time kPauseShort{5'000};    ///< while an older tunnel still holds the address
inline constexpr Time kPoll{
	60'000};    ///< a refused device asks again: it may have been unblocked within the window
inline constexpr Time kPollTwin{
	300'000};    ///< while a newer window of another machine has the place
inline constexpr Time kGiveWayMax{900'000};
inline constexpr int kGiveWayFrom = 5;    ///< doublings of a second: the first time half a minute

class Route {
public:
	/// New relays: forgets refusals, pauses and where it stood.
	void set(const std::vector<RelayAddress>& relays);

	[[nodiscard]] bool empty() const { return ways_.empty(); }
	/// The endpoint to try next. Only where there is one.
	[[nodiscard]] const Endpoint& current() const { return ways_.at(position_).endpoint; }

	/// Moves on after a failure there; the time of the next try, which is `now` while this round
	/// has untried ways.
	[[nodiscard]] Time failed(
		const Endpoint& endpoint, const Handling& how, Time now, std::uint64_t random);
	[[nodiscard]] bool all_refused(Time now) const;
	[[nodiscard]] bool any_refused(Time now) const;

	void connected();                 ///< a tunnel came up: the round ends here
	void settled() { tries_ = 0; }    ///< and stayed: the pauses begin small again
	void network_changed();           ///< forgets pauses and what another network may mend
	void forget();                    ///< forgets everything but the relays

private:
	struct Way {
		Endpoint endpoint;
		bool tried = false;    ///< in this round
		std::optional<Time> refused_until;
		bool network_helps = false;
		[[nodiscard]] bool open(Time now) const { return !refused_until || *refused_until <= now; }
	};
	static void refuse(Way& way, const Handling& how, Time until);
	[[nodiscard]] std::optional<std::size_t> untried(Time now) const;
	Time new_round(Time cap, Time now, std::uint64_t random);
	void begin();

	std::vector<Way> ways_;
	std::size_t position_ = 0;
	int tries_ = 0;
	int gave_way_ = 0;    // how often, since something changed on this machine
};

}    // namespace rassist::agent
