// The supervisor is a table: states × events → actions. Pure: it knows no clock, no descriptor, no
// process and no systemd. What it learns are typed events with the time in them, what it wants are
// typed actions, and wake_time() says when it wants to be asked again.
#pragma once

#include "common/base/journal.hpp"
#include "common/base/parse.hpp"
#include "common/base/relay_address.hpp"
#include "common/wire/heartbeat.hpp"
#include "rassist-agent/route.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace rassist::agent {

inline constexpr Time kEnrolLimit{20'000};    ///< from the start of ssh to the whole answer
inline constexpr Time kReadyLimit{15'000};    ///< from the start of ssh to `ready`
/// A tunnel that was up for so long makes the pauses small again.
inline constexpr Time kSettled{30'000};
/// An attempt that is younger goes on when the network changes.
inline constexpr Time kAttemptWorthKeeping{3'000};
/// So long an answer may take after the network changed; the relay answers within a second.
inline constexpr Time kProbeLimit{4'000};
inline constexpr std::chrono::seconds kClockTolerance{120};
inline constexpr Time kOver{2'000};    ///< a window that ends within is not worth a connection

struct Failure {
	Trouble trouble = Trouble::none;
	/// for a person; what a peer said stands in it only quoted
	std::string sentence;
	/// what alone failed: the relay did not let this service listen where it is published
	std::optional<Service> unpublished{};
	bool operator==(const Failure&) const = default;
};

struct WindowFacts {
	Id id;
	int revision = 0;
	Time ends{0};
};

struct GrantedTunnel {
	std::string relay_name;
	std::string address;
	int ssh_port = 0;
	int http_port = 0;
	std::chrono::seconds lasts{0};
	std::chrono::seconds clock_ahead{0};    ///< the relay's clock minus ours
	/// where it lets this device's services be reached by others
	std::vector<PublishedPlace> published{};
};

namespace event {
/// The window is there, or has other facts than before.
struct WindowSeen {
	WindowFacts window;
};
struct WindowGone {};
/// The configuration, the pins or the identity key were read, or were read again.
struct Configured {
	std::vector<RelayAddress> relays;
	std::vector<Service> publish{};    ///< what the customer lets the relay publish
};
/// The configuration was read and cannot be used.
struct Misconfigured {
	std::string sentence;
};
struct NetworkChanged {};
/// The time of wake_time() has come.
struct Woken {};
struct Enrolled {
	GrantedTunnel granted;
};
struct EnrolFailed {
	Failure failure;
};
/// A line of hold's came through the tunnel.
struct Heard {
	HeartbeatLine line;
};
/// The tunnel's ssh has ended.
struct TunnelEnded {
	Failure failure;
};
/// SIGTERM came.
struct Stopped {};
}    // namespace event

using EventDetail = std::variant<event::WindowSeen, event::WindowGone, event::Configured,
	event::Misconfigured, event::NetworkChanged, event::Woken, event::Enrolled, event::EnrolFailed,
	event::Heard, event::TunnelEnded, event::Stopped>;

struct Event {
	Time at{0};
	std::uint64_t random = 0;
	Id id;    ///< a fresh one, for an attempt that begins with this event
	EventDetail detail;
};

namespace action {
struct StartEnrol {
	Endpoint endpoint;
	Id id;
	bool displaced = false;    ///< a machine whose tunnel another one took comes back
};
/// Kill it; nothing of it is heard any more.
struct StopEnrol {};
struct StartTunnel {
	Endpoint endpoint;
	GrantedTunnel granted;    ///< `published` is what shall be listened on, no more
	Id id;
};
/// Kill it; nothing of it is heard any more.
struct StopTunnel {};
struct SendBeat {};
/// Write an entry to the journal.
struct Tell {
	Priority priority;
	std::string_view message;
	Trouble trouble;
	std::string sentence;
	Endpoint endpoint;
	std::optional<Id> attempt;
};
/// The window is over.
struct Quit {};
}    // namespace action

using Action = std::variant<action::StartEnrol, action::StopEnrol, action::StartTunnel,
	action::StopTunnel, action::SendBeat, action::Tell, action::Quit>;

enum class SupervisorState {
	starting,      ///< window or relays not known yet
	enrolling,     ///< an enrolment runs
	connecting,    ///< the tunnel's ssh runs, `ready` has not come
	up,            ///< `ready` came
	renewing,      ///< up, and an enrolment runs beside it
	waiting,       ///< nothing runs, next try planned
	refused,       ///< nothing runs, each relay refuses; the poll is planned
	ended,         ///< nothing runs, and nothing will
};

/// What status file, unit and user are told of the supervisor.
struct SupervisorView {
	SupervisorState state = SupervisorState::starting;
	Endpoint endpoint;
	std::string relay_name;
	std::string address;
	std::vector<PublishedPlace> published;    ///< where the tunnel at hand listens for others
	std::string unpublished;                  ///< what is missing there, and why; "" for nothing
	Time since{0};
	std::optional<Time> until;
	Failure failure;
	std::optional<Id> attempt;
	std::optional<Time> next_try;
	bool operator==(const SupervisorView&) const = default;
};

class Supervisor {
public:
	[[nodiscard]] std::vector<Action> handle(const Event& event);
	[[nodiscard]] SupervisorState state() const { return state_; }
	[[nodiscard]] std::optional<Time> wake_time() const;
	[[nodiscard]] SupervisorView view() const;

private:
	struct HeldGrant {
		std::string host;
		GrantedTunnel granted;
		Time until{0};
	};

	void take(const event::WindowSeen& seen);
	void take(const event::WindowGone&);
	void take(const event::Configured& configured);
	void take(const event::Misconfigured& misconfigured);
	void take(const event::NetworkChanged&);
	void take(const event::Woken&);
	void take(const event::Enrolled& enrolled);
	void take(const event::EnrolFailed& failed);
	void take(const event::Heard& heard);
	void take(const event::TunnelEnded& ended);
	void take(const event::Stopped&);

	void start_attempt();    // enrol, or connect where a grant is at hand
	void start_tunnel();
	[[nodiscard]] std::vector<PublishedPlace> places_to_publish() const;
	void start_tunnel_without(const Failure& failure);
	void start_renewal();
	void restart_enrolment();
	void fail_attempt(const Failure& failure);    // nothing runs any more: what next
	void lose_tunnel(const Failure& failure);     // the same, for a tunnel that was up
	void fail_renewal(const Failure& failure);
	[[nodiscard]] bool is_over() const;
	void start_enrolment();
	void note_failure(const Failure& failure);    // told once until a tunnel comes up
	void take_ready(const HeartbeatLine& line);
	void hear_left(std::chrono::seconds left);
	void check_tunnel();
	void hear_of_twin();
	void hear_bye(Bye bye);
	void send_beat();
	void stop_all();    // kills what the state says is running
	void end_window();
	void adopt_grant(const GrantedTunnel& granted);
	void drop_grant();
	void enter_state(SupervisorState state);

	void tell(Priority priority, std::string_view message, Trouble trouble, std::string sentence);
	template <class A> void add_action(A action) { actions_.emplace_back(std::move(action)); }

	// These four belong to the event at hand.
	Time now_{0};
	std::uint64_t random_ = 0;
	std::optional<Id> id_;
	std::vector<Action> actions_;

	SupervisorState state_ = SupervisorState::starting;
	Time since_{0};
	std::optional<WindowFacts> window_;
	Route route_;
	Endpoint endpoint_;    // of the running or last attempt
	std::optional<Id> attempt_;
	std::optional<HeldGrant> grant_;
	std::vector<Service> publish_;     // what the customer lets the relay publish
	std::set<Service> unpublished_;    // what the relay refused in this attempt
	std::string why_unpublished_;
	std::optional<Time> retry_at_;    // waiting, refused
	Time started_{0};                 // enrolling, connecting, renewing: when that ssh was started
	// the network changed under a young attempt: where it fails, try again at once
	bool hurry_ = false;
	Time interval_{0}, limit_{0};    // up, renewing: as `ready` said
	Time heard_{0}, beaten_{0};      // up, renewing: last input, last beat of ours
	// up, renewing: the network changed, an answer is expected until then
	std::optional<Time> probe_by_;
	std::optional<Time> renew_at_;    // connecting, up: enrol again then
	int renewals_failed_ = 0;
	Failure failure_;
	// up, renewing: another machine with this identity, as the relay said
	std::optional<Failure> twin_;
	bool displaced_ = false;    // it took the tunnel, and no relay has accepted us since
	std::set<std::pair<std::string, Trouble>> told_;
	bool clock_told_ = false;
};

}    // namespace rassist::agent
