// Which relay is tried, at which of its ports, and when: the agent's order of trying. Pure: time
// and random numbers are handed in.
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

/// CLOCK_BOOTTIME, which goes on while the machine sleeps and which nobody sets.
using Time = std::chrono::milliseconds;

/// One port of one relay.
struct Endpoint {
	std::string host;
	int port = 0;
	[[nodiscard]] std::string str() const { return HostPort{host, port}.str(); }
	auto operator<=>(const Endpoint&) const = default;
};

/// What is tried after a failure. Zero is the most careful.
enum class NextStep {
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
struct TroubleHandling {
	NextStep next = NextStep::refuse_all;
	/// the longest pause; for a refusal, the time to the poll, give or take a half
	Time cap{0};
	/// a refusal that another network may mend (somebody in between answered)
	bool network_helps = false;
	bool drops_grant = false;    ///< the relay no longer accepts the tunnel key: enrol first
};
[[nodiscard]] TroubleHandling handling_of(Trouble trouble);
[[nodiscard]] bool is_refusal(NextStep next);

/// Full jitter: a random time in [0, min(cap, 1 s · 2^tries)], so that a fleet that lost its relay
/// does not come back in step.
[[nodiscard]] Time pause_before_retry(int tries, Time cap, std::uint64_t random);

inline constexpr Time kPauseMax{60'000};
inline constexpr Time kPauseShort{5'000};    ///< while an older tunnel still holds the address
/// A refused device asks again after this: it may have been unblocked within the window.
inline constexpr Time kPoll{60'000};
/// The same, while a newer window of another machine has the place.
inline constexpr Time kPollTwin{300'000};
inline constexpr Time kGiveWayMax{900'000};
inline constexpr int kGiveWayFrom = 5;    ///< doublings of a second: the first time half a minute

class Route {
public:
	/// Takes new relays, and forgets refusals, pauses and where it was in the order.
	void set_relays(const std::vector<RelayAddress>& relays);

	[[nodiscard]] bool empty() const { return entries_.empty(); }
	/// The endpoint to try next. To be called only where there is one.
	[[nodiscard]] const Endpoint& current() const { return entries_.at(position_).endpoint; }

	/// Moves on after a failure at that endpoint; the time of the next try, which is `now` while
	/// this round has untried endpoints.
	[[nodiscard]] Time note_failure(
		const Endpoint& endpoint, const TroubleHandling& how, Time now, std::uint64_t random);
	[[nodiscard]] bool all_refused(Time now) const;
	[[nodiscard]] bool any_refused(Time now) const;

	void note_connected();                 ///< a tunnel came up: the round ends
	void note_settled() { tries_ = 0; }    ///< the tunnel stayed: pauses begin small again
	void note_network_change();            ///< forgets pauses and what another network may mend
	void forget_failures();                ///< forgets everything but the relays

private:
	struct RouteEntry {
		Endpoint endpoint;
		bool tried = false;    ///< in this round
		std::optional<Time> refused_until;
		bool network_helps = false;
		[[nodiscard]] bool open(Time now) const { return !refused_until || *refused_until <= now; }
	};
	static void refuse(RouteEntry& entry, const TroubleHandling& how, Time until);
	[[nodiscard]] std::optional<std::size_t> find_untried(Time now) const;
	Time start_new_round(Time cap, Time now, std::uint64_t random);
	void restart();

	std::vector<RouteEntry> entries_;
	std::size_t position_ = 0;
	int tries_ = 0;
	int gave_way_ = 0;    // how often it gave way since something changed here
};

}    // namespace rassist::agent
