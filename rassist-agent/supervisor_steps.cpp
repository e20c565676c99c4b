// The second half of supervisor.hpp: what the cells of the table do.
#include "rassist-agent/supervisor.hpp"

#include <algorithm>
#include <cstdlib>

namespace rassist::agent {
namespace {

constexpr Time kLeftTolerance{3'000};
constexpr Time kGrantMargin{5'000};    // a grant that ends within is not worth a connection

bool is_refused_by_relay(Trouble trouble) {
	return trouble == Trouble::identity || trouble == Trouble::relay_failed ||
		   trouble == Trouble::elsewhere || (handling_of(trouble).next == NextStep::refuse_relay);
}

}    // namespace

void Supervisor::start_attempt() {
	retry_at_.reset();
	hurry_ = false;
	unpublished_.clear();
	why_unpublished_.clear();
	if (!window_ || route_.empty())
		return enter_state(SupervisorState::starting);
	if (is_over())    // waits for its end
		return enter_state(SupervisorState::waiting);
	endpoint_ = route_.current();
	attempt_ = id_;
	if (grant_ && grant_->host == endpoint_.host && grant_->until > now_ + kGrantMargin)
		return start_tunnel();
	enter_state(SupervisorState::enrolling);
	start_enrolment();
}

void Supervisor::start_enrolment() {
	started_ = now_;
	add_action(action::StartEnrol{endpoint_, *attempt_, displaced_});
}

void Supervisor::start_tunnel() {
	started_ = now_;
	enter_state(SupervisorState::connecting);
	GrantedTunnel granted = grant_->granted;
	granted.published = places_to_publish();
	add_action(action::StartTunnel{endpoint_, std::move(granted), *attempt_});
}

/// The places that the relay offers, as far as the customer agrees and the relay did not refuse
/// them.
std::vector<PublishedPlace> Supervisor::places_to_publish() const {
	std::vector<PublishedPlace> places;
	for (const PublishedPlace& place : grant_->granted.published)
		if (std::find(publish_.begin(), publish_.end(), place.service) != publish_.end() &&
			!unpublished_.contains(place.service))
			places.push_back(place);
	return places;
}

/// To be published is an extra: the tunnel goes on without it.
void Supervisor::start_tunnel_without(const Failure& failure) {
	unpublished_.insert(*failure.unpublished);
	why_unpublished_ += (why_unpublished_.empty() ? "" : "; ") + failure.sentence;
	if (told_
			.insert({endpoint_.str() + " " + std::string(format_service(*failure.unpublished)),
				failure.trouble})
			.second)
		tell(Priority::warning, message::kNotPublished, failure.trouble,
			"not published: " + failure.sentence);
	start_tunnel();
}

void Supervisor::start_renewal() {
	attempt_ = id_;
	renew_at_.reset();
	state_ = SupervisorState::renewing;    // the tunnel is up as it was: `since` stays
	start_enrolment();
}

void Supervisor::restart_enrolment() {
	add_action(action::StopEnrol{});
	attempt_ = id_;
	start_enrolment();
}

void Supervisor::fail_attempt(const Failure& failure) {
	const TroubleHandling how = handling_of(failure.trouble);
	if (how.drops_grant)
		drop_grant();
	note_failure(failure);
	retry_at_ = route_.note_failure(endpoint_, how, now_, random_);
	if (std::exchange(hurry_, false)) {
		route_.note_network_change();
		if (!route_.all_refused(now_))
			retry_at_ = now_;
	}
	enter_state(route_.all_refused(now_) ? SupervisorState::refused : SupervisorState::waiting);
	if (*retry_at_ <= now_)
		start_attempt();
}

// This is for a tunnel that was up; it kills what is left of it.
void Supervisor::lose_tunnel(const Failure& failure) {
	stop_all();
	if (state_ == SupervisorState::renewing)
		renew_at_ = now_;
	if (now_ - since_ >= kSettled)
		route_.note_settled();
	told_.insert({endpoint_.str(), failure.trouble});
	tell(is_over() ? Priority::info : Priority::warning, message::kTunnelDown, failure.trouble,
		"tunnel is down: " + failure.sentence);
	fail_attempt(failure);
}

void Supervisor::fail_renewal(const Failure& failure) {
	const TroubleHandling how = handling_of(failure.trouble);
	note_failure(failure);
	state_ = SupervisorState::up;
	renew_at_ =
		now_ + (is_refusal(how.next) ? how.cap
									 : pause_before_retry(renewals_failed_++, kPauseMax, random_));
}

void Supervisor::note_failure(const Failure& failure) {
	// what one relay refuses says more than that another one does not answer
	const bool refused = failure_.trouble != Trouble::none &&
						 is_refusal(handling_of(failure_.trouble).next) && route_.any_refused(now_);
	if (!refused || is_refusal(handling_of(failure.trouble).next))
		failure_ = failure;
	if (!told_.insert({endpoint_.str(), failure.trouble}).second)
		return;
	const std::string_view message =
		failure.trouble == Trouble::displaced || failure.trouble == Trouble::twin
			? message::kDisplaced
		: is_refused_by_relay(failure.trouble) ? message::kEnrolRefused
											   : message::kTunnelDown;
	tell(Priority::warning, message, failure.trouble, "no tunnel: " + failure.sentence);
}

void Supervisor::take_ready(const HeartbeatLine& line) {
	interval_ = line.interval;
	limit_ = line.limit;
	heard_ = now_;
	beaten_ = now_;
	probe_by_.reset();
	hurry_ = false;
	hear_left(line.left);
	failure_ = {};
	twin_.reset();
	told_.clear();
	route_.note_connected();
	enter_state(SupervisorState::up);
	tell(Priority::notice, message::kTunnelUp, Trouble::none,
		"tunnel is up to relay " + endpoint_.str());
	if (renew_at_ && *renew_at_ <= now_)
		start_renewal();
}

/// A difference of a few seconds is the time on the way, and no news.
void Supervisor::hear_left(std::chrono::seconds left) {
	const Time until = now_ + left;
	if (grant_ &&
		(until > grant_->until + kLeftTolerance || until < grant_->until - kLeftTolerance))
		grant_->until = until;
}

void Supervisor::check_tunnel() {
	const bool silent = now_ >= heard_ + limit_;
	if (silent || (probe_by_ && *probe_by_ <= now_)) {
		return lose_tunnel({Trouble::silent,
			"relay " + endpoint_.str() +
				(silent ? " was not heard for " + std::to_string((now_ - heard_).count() / 1000) +
							  " s"
						: " did not answer after the network had changed")});
	}
	if (now_ >= beaten_ + interval_)
		send_beat();
	if (state_ == SupervisorState::renewing && now_ >= started_ + kEnrolLimit) {
		add_action(action::StopEnrol{});
		return fail_renewal(
			{Trouble::timeout, "relay " + endpoint_.str() + " did not answer the enrolment"});
	}
	if (state_ == SupervisorState::up && renew_at_ && *renew_at_ <= now_)
		start_renewal();
}

/// The tunnel stands here, and this window is the newest: what the other machine is told is its own
/// affair.
void Supervisor::hear_of_twin() {
	twin_ = Failure{Trouble::twin,
		"another machine with this device's identity comes to relay " + endpoint_.str() +
			": one is a copy of the other and needs a serial of its own (`rassist activate`)"};
	if (told_.insert({endpoint_.str(), Trouble::twin}).second)
		tell(Priority::warning, message::kDisplaced, Trouble::twin, twin_->sentence);
}

// bye is hold's last line. Its connection may outlive it while a channel is open, so our ssh is
// killed.
void Supervisor::hear_bye(Bye bye) {
	const std::string relay = "relay " + endpoint_.str();
	Failure failure;
	switch (bye) {
	case Bye::expired:
		failure = {
			Trouble::grant_gone, relay + " says that the grant of the tunnel key has run out"};
		break;
	case Bye::revoked:
		failure = {
			Trouble::revoked, relay + " says that the tunnel was revoked by its administrator"};
		break;
	case Bye::blocked:
		failure = {
			Trouble::blocked, relay + " says that this device is blocked by its administrator"};
		break;
	case Bye::displaced:
		displaced_ = true;
		failure = {Trouble::displaced,
			"another machine with this device's identity has taken the tunnel at " + relay +
				": one is a copy of the other and needs a serial of its own (`rassist activate`)"};
		break;
	case Bye::silent:
		failure = {Trouble::silent, relay + " did not hear this device"};
		break;
	case Bye::move:
		failure = {Trouble::elsewhere, relay + " asks this device to use another relay"};
		break;
	case Bye::failed:
		failure = {Trouble::relay_failed, relay + " could not go on with the tunnel"};
		break;
	}
	if (state_ != SupervisorState::connecting)
		return lose_tunnel(failure);
	stop_all();
	fail_attempt(failure);
}

void Supervisor::tell(
	Priority priority, std::string_view message, Trouble trouble, std::string sentence) {
	add_action(action::Tell{priority, message, trouble, std::move(sentence), endpoint_, attempt_});
}

void Supervisor::send_beat() {
	beaten_ = now_;
	add_action(action::SendBeat{});
}

bool Supervisor::is_over() const { return window_ && window_->ends <= now_ + kOver; }

void Supervisor::stop_all() {
	if (state_ == SupervisorState::enrolling || state_ == SupervisorState::renewing)
		add_action(action::StopEnrol{});
	if (state_ == SupervisorState::connecting || state_ == SupervisorState::up ||
		state_ == SupervisorState::renewing)
		add_action(action::StopTunnel{});
}

void Supervisor::end_window() {
	if (state_ == SupervisorState::ended)
		return;
	stop_all();
	enter_state(SupervisorState::ended);
	add_action(action::Quit{});
}

void Supervisor::drop_grant() {
	grant_.reset();
	renew_at_.reset();
}

void Supervisor::adopt_grant(const GrantedTunnel& granted) {
	grant_ = HeldGrant{endpoint_.host, granted, now_ + granted.lasts};
	renewals_failed_ = 0;
	displaced_ = false;
	tell(Priority::info, message::kEnrolled, Trouble::none,
		"enrolled at relay " + endpoint_.str() + " for " + format_duration(granted.lasts));
	renew_at_.reset();
	// the relay's own maximum: ask again in time
	if (window_ && window_->ends > grant_->until + kGrantMargin)
		renew_at_ = now_ + Time(granted.lasts) * 3 / 4;
	const auto ahead = granted.clock_ahead;
	if ((ahead > kClockTolerance || ahead < -kClockTolerance) &&
		!std::exchange(clock_told_, true)) {
		tell(Priority::warning, message::kEnrolled, Trouble::none,
			"the clock of relay " + endpoint_.str() + " is " +
				std::to_string(std::abs(ahead.count())) + " s " +
				(ahead.count() > 0 ? "ahead of" : "behind") + " this device's");
	}
}

void Supervisor::enter_state(SupervisorState state) {
	if (state_ != state)
		since_ = now_;
	state_ = state;
}

// ---- what others ask ----

std::optional<Time> Supervisor::wake_time() const {
	std::optional<Time> first;
	const auto at = [&](std::optional<Time> time) {
		if (time && (!first || *time < *first))
			first = time;
	};
	if (window_ && state_ != SupervisorState::ended)
		at(window_->ends);
	switch (state_) {
	case SupervisorState::enrolling:
		at(started_ + kEnrolLimit);
		break;
	case SupervisorState::connecting:
		at(started_ + kReadyLimit);
		break;
	case SupervisorState::renewing:
		at(started_ + kEnrolLimit);
		[[fallthrough]];
	case SupervisorState::up:
		at(heard_ + limit_);
		at(beaten_ + interval_);
		at(probe_by_);
		at(state_ == SupervisorState::up ? renew_at_ : std::nullopt);
		break;
	case SupervisorState::waiting:
	case SupervisorState::refused:
		at(retry_at_);
		break;
	case SupervisorState::starting:
	case SupervisorState::ended:
		break;
	}
	return first;
}

SupervisorView Supervisor::view() const {
	SupervisorView view{state_, endpoint_, {}, {}, {}, {}, since_, {},
		failure_.trouble == Trouble::none ? twin_.value_or(Failure{}) : failure_, attempt_,
		retry_at_};
	if (grant_ && grant_->host == endpoint_.host) {
		view.relay_name = grant_->granted.relay_name;
		view.address = grant_->granted.address;
		view.until = grant_->until;
		view.published = places_to_publish();
		view.unpublished = why_unpublished_;
	}
	return view;
}

}    // namespace rassist::agent
