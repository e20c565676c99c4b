#include "rassist-agent/route.hpp"
#include "common/base/relay_address.hpp"

#include <algorithm>

namespace rassist::agent {
namespace {

constexpr Time kFirstPause{1'000};
constexpr int kDoublings = 20;    // far past every cap

}    // namespace

TroubleHandling handling_of(Trouble trouble) {
	switch (trouble) {
	case Trouble::unreachable:
	case Trouble::proxy:
	case Trouble::timeout:
		return {.next = NextStep::next_port, .cap = kPauseMax};
	case Trouble::protocol:
	case Trouble::relay_failed:
	case Trouble::elsewhere:
		return {.next = NextStep::next_relay, .cap = kPauseMax};
	case Trouble::lost:
	case Trouble::silent:
	case Trouble::local:
		return {.next = NextStep::same, .cap = kPauseMax};
	// An older tunnel holds the address, or the registry moved this device elsewhere, which an
	// enrolment tells.
	case Trouble::port_held:
		return {.next = NextStep::same, .cap = kPauseShort, .drops_grant = true};
	case Trouble::grant_gone:
		return {.next = NextStep::same, .cap = kPauseMax, .drops_grant = true};
	case Trouble::host_key:
		return {.next = NextStep::refuse_port, .cap = kPoll, .network_helps = true};
	case Trouble::identity:
	case Trouble::serial_unknown:
	case Trouble::blocked:
	case Trouble::revoked:
	case Trouble::refused:
		return {.next = NextStep::refuse_relay, .cap = kPoll, .drops_grant = true};
	case Trouble::displaced:
		return {.next = NextStep::give_way, .cap = kGiveWayMax, .drops_grant = true};
	case Trouble::twin:
		return {.next = NextStep::refuse_all, .cap = kPollTwin, .drops_grant = true};
	case Trouble::not_activated:
	case Trouble::none:
		break;
	}
	return {.next = NextStep::refuse_all, .cap = kPoll};
}

bool is_refusal(NextStep next) {
	return next == NextStep::refuse_all || next == NextStep::refuse_relay ||
		   next == NextStep::refuse_port || next == NextStep::give_way;
}

Time pause_before_retry(int tries, Time cap, std::uint64_t random) {
	const Time most =
		std::min(cap, kFirstPause * (std::int64_t{1} << std::clamp(tries, 0, kDoublings)));
	return Time(static_cast<std::int64_t>(random % static_cast<std::uint64_t>(most.count() + 1)));
}

void Route::set_relays(const std::vector<RelayAddress>& relays) {
	entries_.clear();
	for (const RelayAddress& relay : relays)
		for (const int port : relay.ports)
			entries_.push_back(RouteEntry{Endpoint{relay.host, port}, false, std::nullopt, false});
	position_ = 0;
	tries_ = 0;
	gave_way_ = 0;
}

Time Route::note_failure(
	const Endpoint& endpoint, const TroubleHandling& how, Time now, std::uint64_t random) {
	const auto found = std::find_if(entries_.begin(), entries_.end(),
		[&](const RouteEntry& entry) { return entry.endpoint == endpoint; });
	if (found == entries_.end())    // the configuration changed under the attempt
		return start_new_round(how.cap, now, random);
	const auto each_of_relay = [&](auto act) {
		for (RouteEntry& entry : entries_)
			if (entry.endpoint.host == endpoint.host)
				act(entry);
	};
	const Time poll = now + how.cap / 2 + pause_before_retry(kDoublings, how.cap, random);
	switch (how.next) {
	case NextStep::same:
		position_ = static_cast<std::size_t>(found - entries_.begin());
		return now + pause_before_retry(tries_++, how.cap, random);
	case NextStep::next_port:
		found->tried = true;
		break;
	case NextStep::next_relay:
		each_of_relay([](RouteEntry& entry) { entry.tried = true; });
		break;
	case NextStep::refuse_port:
		refuse(*found, how, poll);
		break;
	case NextStep::refuse_relay:
		each_of_relay([&](RouteEntry& entry) { refuse(entry, how, poll); });
		break;
	case NextStep::refuse_all:
		for (RouteEntry& entry : entries_)
			refuse(entry, how, poll);
		break;
	case NextStep::give_way: {
		const Time until = now + pause_before_retry(kGiveWayFrom + gave_way_++, how.cap, random);
		for (RouteEntry& entry : entries_)
			refuse(entry, how, until);
		break;
	}
	}
	if (const auto next = find_untried(now)) {
		position_ = *next;
		return now;
	}
	return start_new_round(is_refusal(how.next) ? kPauseMax : how.cap, now, random);
}

bool Route::all_refused(Time now) const {
	return std::none_of(
		entries_.begin(), entries_.end(), [&](const RouteEntry& entry) { return entry.open(now); });
}

bool Route::any_refused(Time now) const {
	return std::any_of(
		entries_.begin(), entries_.end(),
		[&](const RouteEntry& entry) { return !entry.open(now); });
}

void Route::note_connected() {
	for (RouteEntry& entry : entries_)
		entry.tried = false;
}

void Route::note_network_change() {
	for (RouteEntry& entry : entries_)
		if (entry.network_helps)
			entry.refused_until.reset();
	restart();
}

void Route::forget_failures() {
	gave_way_ = 0;
	for (RouteEntry& entry : entries_)
		entry.refused_until.reset();
	restart();
}

void Route::refuse(RouteEntry& entry, const TroubleHandling& how, Time until) {
	entry.refused_until = until;
	entry.network_helps = how.network_helps;
}

/// The next untried endpoint after the current one, in the order of the configuration; the first
/// follows the last.
std::optional<std::size_t> Route::find_untried(Time now) const {
	for (std::size_t step = 1; step <= entries_.size(); ++step) {
		const std::size_t index = (position_ + step) % entries_.size();
		if (!entries_[index].tried && entries_[index].open(now))
			return index;
	}
	return std::nullopt;
}

/// Everything was tried. The next round begins at the first endpoint that is open, after a pause,
/// or at one whose refusal is over by then.
Time Route::start_new_round(Time cap, Time now, std::uint64_t random) {
	note_connected();
	if (entries_.empty())    // no relay at all: nothing to do before the configuration changes
		return now + kPoll;
	const auto open = std::find_if(
		entries_.begin(), entries_.end(), [&](const RouteEntry& entry) { return entry.open(now); });
	const auto over = [&](const RouteEntry& entry) {
		return entry.open(now) ? Time::max() : *entry.refused_until;
	};
	const auto first = std::min_element(entries_.begin(), entries_.end(),
		[&](const RouteEntry& a, const RouteEntry& b) { return over(a) < over(b); });
	const Time next =
		open == entries_.end() ? Time::max() : now + pause_before_retry(tries_++, cap, random);
	position_ = static_cast<std::size_t>((next <= over(*first) ? open : first) - entries_.begin());
	return std::min(next, over(*first));
}

/// Begins at the first endpoint that is open, with small pauses.
void Route::restart() {
	note_connected();
	tries_ = 0;
	const auto open = std::find_if(entries_.begin(), entries_.end(),
		[](const RouteEntry& entry) { return !entry.refused_until; });
	position_ =
		open == entries_.end() ? position_ : static_cast<std::size_t>(open - entries_.begin());
}

}    // namespace rassist::agent
