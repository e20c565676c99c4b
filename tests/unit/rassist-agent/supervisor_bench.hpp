// Drives the agent's supervisor: its events are given by name, its actions come back as words.
#pragma once

#include "common/base/relay_address.hpp"
#include "common/records/agent_status.hpp"
#include "rassist-agent/supervisor.hpp"

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace rassist::agent::test {

using namespace std::chrono_literals;

inline Id id_of(std::string_view text) { return Id::parse(text).value(); }

inline GrantedTunnel granted(std::chrono::seconds lasts = 3600s) {
	return {"relay1", "127.64.0.1", 10022, 10088, lasts, 0s};
}

inline HeartbeatLine line(HeartbeatLine::Message verb, Bye bye = Bye::failed) {
	HeartbeatLine said;
	said.message = verb;
	said.interval = 5s;
	said.limit = 15s;
	said.left = 3600s;
	said.bye = bye;
	return said;
}

struct Words {
	std::string operator()(const action::StartEnrol& start) const {
		return (start.displaced ? "enrol displaced " : "enrol ") + start.endpoint.str();
	}
	std::string operator()(const action::StopEnrol&) const { return "stop-enrol"; }
	std::string operator()(const action::StartTunnel& start) const {
		return "tunnel " + start.endpoint.str() + " " + start.granted.address;
	}
	std::string operator()(const action::StopTunnel&) const { return "stop-tunnel"; }
	std::string operator()(const action::SendBeat&) const { return "beat"; }
	std::string operator()(const action::Tell& tell) const {
		return "tell " + std::string(format_trouble(tell.trouble));
	}
	std::string operator()(const action::Quit&) const { return "quit"; }
};

class SupervisorBench {
public:
	Time now{100s};
	std::uint64_t random = 999;    // pauses are never 0: `waiting` is seen
	Supervisor supervisor;
	std::vector<RelayAddress> relays{{"r", {443}}};
	WindowFacts window{id_of("w0w0w0w0w0"), 0, Time(100s) + Time(3600s)};

	/// The actions of one event, joined by ", ".
	std::string on(const EventDetail& detail) {
		std::string words;
		for (const Action& action : supervisor.handle({now, random, id_of("a0a0a0a0a0"), detail}))
			words += (words.empty() ? "" : ", ") + std::visit(Words{}, action);
		return words;
	}
	std::string after(Time time, const EventDetail& detail) {
		now += time;
		return on(detail);
	}
	std::string failed(Trouble trouble) { return on(event::EnrolFailed{{trouble, "for a test"}}); }
	std::string ended(Trouble trouble) { return on(event::TunnelEnded{{trouble, "for a test"}}); }
	std::string heard(HeartbeatLine::Message verb, Bye bye = Bye::failed) {
		return on(event::Heard{line(verb, bye)});
	}
	/// Wakes the supervisor at the time that it asked for.
	std::string woken() {
		now = std::max(now, supervisor.wake_time().value_or(now));
		return on(event::Woken{});
	}

	std::string start() {
		on(event::WindowSeen{window});
		return on(event::Configured{relays});
	}
	void come_up() {
		start();
		on(event::Enrolled{granted()});
		heard(HeartbeatLine::Message::ready);
	}

	/// Leads the supervisor into a state.
	void reach(SupervisorState state) {
		switch (state) {
		case SupervisorState::starting:
			on(event::WindowSeen{window});
			return;
		case SupervisorState::enrolling:
			start();
			return;
		case SupervisorState::connecting:
			start();
			on(event::Enrolled{granted()});
			return;
		case SupervisorState::up:
			return come_up();
		case SupervisorState::renewing:
			come_up();
			++window.revision;
			on(event::WindowSeen{window});
			return;
		case SupervisorState::waiting:
			start();
			failed(Trouble::unreachable);
			return;
		case SupervisorState::refused:
			start();
			failed(Trouble::blocked);
			return;
		case SupervisorState::ended:
			come_up();
			on(event::Stopped{});
			return;
		}
	}

	/// Gives it one event of that kind.
	std::string on_named(std::string_view name) {
		if (name == "window extended")
			++window.revision;
		if (name == "window other")
			window.id = id_of("x0x0x0x0x0");
		if (name.starts_with("window ") && name != "window gone")
			return on(event::WindowSeen{window});
		if (name == "woken late")
			return woken();
		const std::map<std::string_view, EventDetail> inputs{
			{"window gone", event::WindowGone{}},
			{"configured", event::Configured{relays}},
			{"misconfigured", event::Misconfigured{"for a test"}},
			{"network", event::NetworkChanged{}},
			{"woken early", event::Woken{}},
			{"enrolled", event::Enrolled{granted()}},
			{"enrol failed", event::EnrolFailed{{Trouble::unreachable, "for a test"}}},
			{"ready", event::Heard{line(HeartbeatLine::Message::ready)}},
			{"beat", event::Heard{line(HeartbeatLine::Message::beat)}},
			{"bye", event::Heard{line(HeartbeatLine::Message::bye)}},
			{"ended", event::TunnelEnded{{Trouble::lost, "for a test"}}},
			{"stopped", event::Stopped{}},
		};
		return on(inputs.at(name));
	}
};

}    // namespace rassist::agent::test
