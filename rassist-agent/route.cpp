#include "rassist-agent/route.hpp"
#include "common/base/relay_address.hpp"

#include <algorithm>

namespace rassist::agent {
namespace {

constexpr Time kFirstPause{1'000};
constexpr int kDoublings = 20;    // far past every cap

}    // namespace

Handling handling(Trouble trouble) {
	switch (trouble) {
	case Trouble::unreachable:
	case Trouble::proxy:
	case Trouble::timeout:
		return {.next = Next::next_port, .cap = kPauseMax};
	case Trouble::protocol:
	case Trouble::relay_failed:
	case Trouble::elsewhere:
		return {.next = Next::next_relay, .cap = kPauseMax};
	case Trouble::lost:
	case Trouble::silent:
	case Trouble::local:
		return {.next = Next::same, .cap = kPauseMax};
	// or the registry moved this device elsewhere, which an enrolment tells
	case Trouble::port_held:
		return {.next = Next::same, .cap = kPauseShort, .drops_grant = true};
	case Trouble::grant_gone:
		return {.next = Next::same, .cap = kPauseMax, .drops_grant = true};
	case Trouble::host_key:
		return {.next = Next::refuse_port, .cap = kPoll, .network_helps = true};
	case Trouble::identity:
	case Trouble::serial_unknown:
	case Trouble::blocked:
	case Trouble::revoked:
	case Trouble::refused:
		return {.next = Next::refuse_relay, .cap = kPoll, .drops_grant = true};
	case Trouble::displaced:
		return {.next = Next::give_way, .cap = kGiveWayMax, .drops_grant = true};
	case Trouble::twin:
		return {.next = Next::refuse_all, .cap = kPollTwin, .drops_grant = true};
	case Trouble::not_activated:
	case Trouble::none:
		break;
	}
	return {.next = Next::refuse_all, .cap = kPoll};
}

bool refuses(Next next) {
	return next == Next::refuse_all || next == Next::refuse_relay || next == Next::refuse_port ||
		   next == Next::give_way;
}

Time pause(int tries, Time cap, std::uint64_t random) {
	const Time most =
		std::min(cap, kFirstPause * (std::int64_t{1} << std::clamp(tries, 0, kDoublings)));
	return Time(static_cast<std::int64_t>(random % static_cast<std::uint64_t>(most.count() + 1)));
}

void Route::set(const std::vector<RelayAddress>& relays) {
	ways_.clear();
	for (const RelayAddress& relay : relays)
		for (const int port : relay.ports)
			ways_.push_back(Way{Endpoint{relay.host, port}, false, std::nullopt, false});
	position_ = 0;
	tries_ = 0;
	gave_way_ = 0;
}

Time Route::failed(const Endpoint& endpoint, const Handling& how, Time now, std::uint64_t random) {
	const auto found = std::find_if(
		ways_.begin(), ways_.end(), [&](const Way& way) { return way.endpoint == endpoint; });
	if (found == ways_.end())    // the configuration changed under the attempt
		return new_round(how.cap, now, random);
	const auto each_of_relay = [&](auto act) {
		for (Way& way : ways_)
			if (way.endpoint.host == endpoint.host)
				act(way);
	};
	const Time poll = now + how.cap / 2 + pause(kDoublings, how.cap, random);
	switch (how.next) {
	case Next::same:
		position_ = static_cast<std::size_t>(found - ways_.begin());
		return now + pause(tries_++, how.cap, random);
	case Next::next_port:
		found->tried = true;
		break;
	case Next::next_relay:
		each_of_relay([](Way& way) { way.tried = true; });
		break;
	case Next::refuse_port:
		refuse(*found, how, poll);
		break;
	case Next::refuse_relay:
		each_of_relay([&](Way& way) { refuse(way, how, poll); });
		break;
	case Next::refuse_all:
		for (Way& way : ways_)
			refuse(way, how, poll);
		break;
	case Next::give_way: {
		const Time until = now + pause(kGiveWayFrom + gave_way_++, how.cap, random);
		for (Way& way : ways_)
			refuse(way, how, until);
		break;
	}
	}
	if (const auto next = untried(now)) {
		position_ = *next;
		return now;
	}
	return new_round(refuses(how.next) ? kPauseMax : how.cap, now, random);
}

bool Route::all_refused(Time now) const {
	return std::none_of(
		ways_.begin(), ways_.end(), [&](const Way& way) { return way.open(now); });
}

bool Route::any_refused(Time now) const {
	return std::any_of(
		ways_.begin(), ways_.end(), [&](const Way& way) { return !way.open(now); });
}

void Route::connected() {
	for (Way& way : ways_)
		way.tried = false;
}

void Route::network_changed() {
	for (Way& way : ways_)
		if (way.network_helps)
			way.refused_until.reset();
	begin();
}

void Route::forget() {
	gave_way_ = 0;
	for (Way& way : ways_)
		way.refused_until.reset();
	begin();
}

void Route::refuse(Way& way, const Handling& how, Time until) {
	way.refused_until = until;
	way.network_helps = how.network_helps;
}

/// The next way after the one where we stand, in the order of the configuration, the first after
/// the last.
std::optional<std::size_t> Route::untried(Time now) const {
	for (std::size_t step = 1; step <= ways_.size(); ++step) {
		const std::size_t index = (position_ + step) % ways_.size();
		if (!ways_[index].tried && ways_[index].open(now))
			return index;
	}
	return std::nullopt;
}

/// Everything was tried: from the first that is open again after a pause, or from one whose refusal
/// is over by then.
Time Route::new_round(Time cap, Time now, std::uint64_t random) {
	connected();
	if (ways_.empty())    // no relay at all: nothing to do before the configuration changes
		return now + kPoll;
	const auto open = std::find_if(
		ways_.begin(), ways_.end(), [&](const Way& way) { return way.open(now); });
	const auto over = [&](const Way& way) {
		return way.open(now) ? Time::max() : *way.refused_until;
	};
	const auto first = std::min_element(
		ways_.begin(), ways_.end(), [&](const Way& a, const Way& b) { return over(a) < over(b); });
	const Time next = open == ways_.end() ? Time::max() : now + pause(tries_++, cap, random);
	position_ = static_cast<std::size_t>((next <= over(*first) ? open : first) - ways_.begin());
	return std::min(next, over(*first));
}

/// From the first way that is open, with small pauses.
void Route::begin() {
	connected();
	tries_ = 0;
	const auto open =
		std::find_if(ways_.begin(), ways_.end(), [](const Way& way) { return !way.refused_until; });
	position_ = open == ways_.end() ? position_ : static_cast<std::size_t>(open - ways_.begin());
}

}    // namespace rassist::agent
