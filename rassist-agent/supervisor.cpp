#include "rassist-agent/supervisor.hpp"

#include <algorithm>

namespace rassist::agent {

std::vector<Action> Supervisor::handle(const Event& event) {
	now_ = event.at;
	if (since_ == Time{0})    // the first event of all
		since_ = now_;
	random_ = event.random;
	id_ = event.id;
	std::visit([this](const auto& input) { take(input); }, event.detail);
	return std::exchange(actions_, {});
}

// ---- events ----

void Supervisor::take(const event::WindowSeen& seen) {
	const bool other = window_ && window_->id != seen.window.id;
	const bool changed = other || (window_ && window_->revision != seen.window.revision);
	window_ = seen.window;
	if (changed)
		route_.forget_failures();
	if (other && state_ != SupervisorState::ended) {    // the tunnel key is another one now
		stop_all();
		drop_grant();
		displaced_ = false;
		return start_attempt();
	}
	switch (state_) {
	case SupervisorState::starting:
		return start_attempt();
	case SupervisorState::enrolling:
	case SupervisorState::renewing:
		return changed ? restart_enrolment() : void();
	case SupervisorState::up:
		return changed ? start_renewal() : void();
	case SupervisorState::connecting:
	case SupervisorState::waiting:
	case SupervisorState::refused:
		if (!changed)
			return;
		stop_all();
		drop_grant();
		return start_attempt();
	case SupervisorState::ended:
		return;
	}
}

void Supervisor::take(const event::WindowGone&) { end_window(); }

void Supervisor::take(const event::Stopped&) { end_window(); }

void Supervisor::take(const event::Configured& configured) {
	route_.set_relays(configured.relays);
	const auto before = grant_ ? places_to_publish() : std::vector<PublishedPlace>();
	publish_ = configured.publish;
	if (state_ == SupervisorState::starting)
		failure_ = {};    // what was wrong with the configuration
	switch (state_) {
	case SupervisorState::starting:
	case SupervisorState::waiting:
	case SupervisorState::refused:
		return start_attempt();
	case SupervisorState::connecting:
	case SupervisorState::up:
	// what runs goes on, and the next attempt knows the new relays; but a consent that is taken
	// back counts now
	case SupervisorState::renewing:
		if (!grant_ || places_to_publish() == before)
			return;
		stop_all();
		return start_attempt();
	case SupervisorState::enrolling:
	case SupervisorState::ended:
		return;
	}
}

void Supervisor::take(const event::Misconfigured& misconfigured) {
	if (state_ == SupervisorState::ended)
		return;
	const bool helpless = route_.empty();
	tell(helpless ? Priority::error : Priority::warning, {}, Trouble::local,
		misconfigured.sentence + (helpless ? "" : "; going on with the configuration as it was"));
	if (helpless)
		failure_ = {Trouble::local, misconfigured.sentence};
}

void Supervisor::take(const event::NetworkChanged&) {
	switch (state_) {
	case SupervisorState::enrolling:
	case SupervisorState::connecting:
		if (now_ - started_ < kAttemptWorthKeeping) {
			hurry_ = true;
			return;
		}
		stop_all();
		route_.note_network_change();
		return start_attempt();
	case SupervisorState::up:
	case SupervisorState::renewing:
		send_beat();
		if (!probe_by_)
			probe_by_ = now_ + std::min(limit_, kProbeLimit);
		return;
	case SupervisorState::waiting:
	case SupervisorState::refused:
		route_.note_network_change();
		return route_.all_refused(now_) ? void() : start_attempt();
	case SupervisorState::starting:
	case SupervisorState::ended:
		return;
	}
}

void Supervisor::take(const event::Woken&) {
	if (state_ != SupervisorState::ended && window_ && window_->ends <= now_)
		return end_window();
	switch (state_) {
	case SupervisorState::enrolling:
		if (now_ < started_ + kEnrolLimit)
			return;
		stop_all();
		return fail_attempt({Trouble::timeout,
			"relay " + endpoint_.str() + " did not answer the enrolment within " +
				std::to_string(kEnrolLimit.count() / 1000) + " s"});
	case SupervisorState::connecting:
		if (now_ < started_ + kReadyLimit)
			return;
		stop_all();
		return fail_attempt({Trouble::timeout,
			"relay " + endpoint_.str() + " did not say that the tunnel is ready within " +
				std::to_string(kReadyLimit.count() / 1000) + " s"});
	case SupervisorState::up:
	case SupervisorState::renewing:
		return check_tunnel();
	case SupervisorState::waiting:
	case SupervisorState::refused:
		return retry_at_ && *retry_at_ <= now_ ? start_attempt() : void();
	case SupervisorState::starting:
	case SupervisorState::ended:
		return;
	}
}

void Supervisor::take(const event::Enrolled& enrolled) {
	switch (state_) {
	case SupervisorState::enrolling:
		adopt_grant(enrolled.granted);
		return start_tunnel();
	case SupervisorState::renewing: {
		const bool moved = grant_ && (grant_->granted.address != enrolled.granted.address ||
										 grant_->granted.ssh_port != enrolled.granted.ssh_port ||
										 grant_->granted.http_port != enrolled.granted.http_port ||
										 grant_->granted.published != enrolled.granted.published);
		adopt_grant(enrolled.granted);
		failure_ = {};
		state_ = SupervisorState::up;
		if (!moved)
			return;
		add_action(action::StopTunnel{});    // the registry gives this device another place
		unpublished_.clear();
		why_unpublished_.clear();
		return start_tunnel();
	}
	case SupervisorState::starting:
	case SupervisorState::connecting:
	case SupervisorState::up:
	case SupervisorState::waiting:
	case SupervisorState::refused:
	case SupervisorState::ended:
		return;
	}
}

void Supervisor::take(const event::EnrolFailed& failed) {
	switch (state_) {
	case SupervisorState::enrolling:
		return fail_attempt(failed.failure);
	case SupervisorState::renewing:
		return fail_renewal(failed.failure);
	case SupervisorState::starting:
	case SupervisorState::connecting:
	case SupervisorState::up:
	case SupervisorState::waiting:
	case SupervisorState::refused:
	case SupervisorState::ended:
		return;
	}
}

void Supervisor::take(const event::Heard& heard) {
	const HeartbeatLine& line = heard.line;
	switch (state_) {
	case SupervisorState::connecting:
		if (line.message == HeartbeatLine::Message::ready)
			return take_ready(line);
		return line.message == HeartbeatLine::Message::bye ? hear_bye(line.bye) : void();
	case SupervisorState::up:
	case SupervisorState::renewing:
		heard_ = now_;
		probe_by_.reset();
		if (line.message == HeartbeatLine::Message::bye)
			return hear_bye(line.bye);
		if (line.message == HeartbeatLine::Message::twin)
			hear_of_twin();
		if (line.message == HeartbeatLine::Message::beat)
			hear_left(line.left);
		// An answer, but never an answer to an answer: two ends that answer each line would talk
		// without pause.
		return line.message == HeartbeatLine::Message::beat && now_ >= beaten_ + interval_ / 2
				   ? send_beat()
				   : void();
	case SupervisorState::starting:
	case SupervisorState::enrolling:
	case SupervisorState::waiting:
	case SupervisorState::refused:
	case SupervisorState::ended:
		return;
	}
}

void Supervisor::take(const event::TunnelEnded& ended) {
	switch (state_) {
	case SupervisorState::connecting:
		return ended.failure.unpublished && grant_ ? start_tunnel_without(ended.failure)
												   : fail_attempt(ended.failure);
	case SupervisorState::up:
	case SupervisorState::renewing:
		return lose_tunnel(ended.failure);
	case SupervisorState::starting:
	case SupervisorState::enrolling:
	case SupervisorState::waiting:
	case SupervisorState::refused:
	case SupervisorState::ended:
		return;
	}
}

}    // namespace rassist::agent
