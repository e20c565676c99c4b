#include "rassist-agent/machine.hpp"

#include <algorithm>

namespace rassist::agent {

std::vector<Action> Machine::on(const Event& event) {
	now_ = event.at;
	if (since_ == Time{0})    // the first event of all
		since_ = now_;
	random_ = event.random;
	id_ = event.id;
	std::visit([this](const auto& input) { take(input); }, event.input);
	return std::exchange(actions_, {});
}

// ---- events ----

void Machine::take(const event::WindowSeen& seen) {
	const bool other = window_ && window_->id != seen.window.id;
	const bool changed = other || (window_ && window_->revision != seen.window.revision);
	window_ = seen.window;
	if (changed)
		route_.forget();
	if (other && state_ != State::ended) {    // the tunnel key is another one now
		stop_all();
		drop_grant();
		displaced_ = false;
		return attempt();
	}
	switch (state_) {
	case State::starting:
		return attempt();
	case State::enrolling:
	case State::renewing:
		return changed ? restart_enrolment() : void();
	case State::up:
		return changed ? start_renewal() : void();
	case State::connecting:
	case State::waiting:
	case State::refused:
		if (!changed)
			return;
		stop_all();
		drop_grant();
		return attempt();
	case State::ended:
		return;
	}
}

void Machine::take(const event::WindowGone&) { end(); }

void Machine::take(const event::Stopped&) { end(); }

void Machine::take(const event::Configured& configured) {
	route_.set(configured.relays);
	const auto before = grant_ ? to_publish() : std::vector<Place>();
	publish_ = configured.publish;
	if (state_ == State::starting)
		failure_ = {};    // what was wrong with the configuration
	switch (state_) {
	case State::starting:
	case State::waiting:
	case State::refused:
		return attempt();
	case State::connecting:
	case State::up:
	case State::renewing:    // what runs goes on, and the next attempt knows the new relays; but a consent that is taken back counts now
		if (!grant_ || to_publish() == before)
			return;
		stop_all();
		return attempt();
	case State::enrolling:
	case State::ended:
		return;
	}
}

void Machine::take(const event::Misconfigured& misconfigured) {
	if (state_ == State::ended)
		return;
	const bool helpless = route_.empty();
	tell(helpless ? Priority::error : Priority::warning, {}, Trouble::local,
		misconfigured.sentence + (helpless ? "" : "; going on with the configuration as it was"));
	if (helpless)
		failure_ = {Trouble::local, misconfigured.sentence};
}

void Machine::take(const event::NetworkChanged&) {
	switch (state_) {
	case State::enrolling:
	case State::connecting:
		if (now_ - started_ < kAttemptWorthKeeping) {
			hurry_ = true;
			return;
		}
		stop_all();
		route_.network_changed();
		return attempt();
	case State::up:
	case State::renewing:
		beat();
		if (!probe_by_)
			probe_by_ = now_ + std::min(limit_, kProbeLimit);
		return;
	case State::waiting:
	case State::refused:
		route_.network_changed();
		return route_.all_refused(now_) ? void() : attempt();
	case State::starting:
	case State::ended:
		return;
	}
}

void Machine::take(const event::Woken&) {
	if (state_ != State::ended && window_ && window_->ends <= now_)
		return end();
	switch (state_) {
	case State::enrolling:
		if (now_ < started_ + kEnrolLimit)
			return;
		stop_all();
		return fail({Trouble::timeout,
			"relay " + endpoint_.str() + " did not answer the enrolment within " + std::to_string(kEnrolLimit.count() / 1000) + " s"});
	case State::connecting:
		if (now_ < started_ + kReadyLimit)
			return;
		stop_all();
		return fail({Trouble::timeout,
			"relay " + endpoint_.str() + " did not say that the tunnel is ready within " + std::to_string(kReadyLimit.count() / 1000) + " s"});
	case State::up:
	case State::renewing:
		return check_tunnel();
	case State::waiting:
	case State::refused:
		return retry_at_ && *retry_at_ <= now_ ? attempt() : void();
	case State::starting:
	case State::ended:
		return;
	}
}

void Machine::take(const event::Enrolled& enrolled) {
	switch (state_) {
	case State::enrolling:
		adopt(enrolled.granted);
		return start_tunnel();
	case State::renewing: {
		const bool moved =
			grant_ && (grant_->granted.address != enrolled.granted.address || grant_->granted.ssh_port != enrolled.granted.ssh_port ||
						  grant_->granted.http_port != enrolled.granted.http_port || grant_->granted.published != enrolled.granted.published);
		adopt(enrolled.granted);
		failure_ = {};
		state_ = State::up;
		if (!moved)
			return;
		act(action::StopTunnel{});    // the registry gives this device another place
		unpublished_.clear();
		why_unpublished_.clear();
		return start_tunnel();
	}
	case State::starting:
	case State::connecting:
	case State::up:
	case State::waiting:
	case State::refused:
	case State::ended:
		return;
	}
}

void Machine::take(const event::EnrolFailed& failed) {
	switch (state_) {
	case State::enrolling:
		return fail(failed.failure);
	case State::renewing:
		return renewal_failed(failed.failure);
	case State::starting:
	case State::connecting:
	case State::up:
	case State::waiting:
	case State::refused:
	case State::ended:
		return;
	}
}

void Machine::take(const event::Heard& heard) {
	const Line& line = heard.line;
	switch (state_) {
	case State::connecting:
		if (line.verb == Line::Verb::ready)
			return ready(line);
		return line.verb == Line::Verb::bye ? say_bye(line.bye) : void();
	case State::up:
	case State::renewing:
		heard_ = now_;
		probe_by_.reset();
		if (line.verb == Line::Verb::bye)
			return say_bye(line.bye);
		if (line.verb == Line::Verb::twin)
			hear_of_twin();
		if (line.verb == Line::Verb::beat)
			hear_left(line.left);
		// An answer, but never an answer to an answer: two ends that answer each line would talk without pause.
		return line.verb == Line::Verb::beat && now_ >= beaten_ + interval_ / 2 ? beat() : void();
	case State::starting:
	case State::enrolling:
	case State::waiting:
	case State::refused:
	case State::ended:
		return;
	}
}

void Machine::take(const event::TunnelEnded& ended) {
	switch (state_) {
	case State::connecting:
		return ended.failure.unpublished && grant_ ? go_on_without(ended.failure) : fail(ended.failure);
	case State::up:
	case State::renewing:
		return lose(ended.failure);
	case State::starting:
	case State::enrolling:
	case State::waiting:
	case State::refused:
	case State::ended:
		return;
	}
}

}    // namespace rassist::agent
