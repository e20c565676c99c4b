// The world around the supervisor: it turns what happens into events and carries out the actions.
// All effects of the agent start here.
#pragma once

#include "common/base/paths.hpp"
#include "common/records/config.hpp"
#include "common/records/window.hpp"
#include "common/wire/heartbeat.hpp"
#include "rassist-agent/file_watch.hpp"
#include "rassist-agent/loop.hpp"
#include "rassist-agent/network_watch.hpp"
#include "rassist-agent/report.hpp"
#include "rassist-agent/ssh_end.hpp"
#include "rassist-agent/ssh_process.hpp"
#include "rassist-agent/supervisor.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

namespace rassist::agent {

class Runner {
public:
	/// Opens a runner for the window that is open. A configuration that cannot be used is waited
	/// for. The caller has blocked SIGTERM and SIGINT, and ignores SIGPIPE.
	static Result<std::unique_ptr<Runner>> open(Paths paths, Window window);

	/// Runs until the window is over or SIGTERM came; an exit status.
	[[nodiscard]] int run();

private:
	/// One ssh and what has come of it.
	struct RunningSsh {
		std::unique_ptr<SshProcess> process;
		SshEnd facts;
		std::string answer;       // enrolment
		HeartbeatReader lines;    // tunnel
		bool broken = false;      // its end has been told already
	};
	enum class EventOrigin { world, enrolment, tunnel };
	struct QueuedEvent {
		EventDetail detail;
		EventOrigin origin = EventOrigin::world;
		// the number of the ssh it is about: nothing is heard of one that was stopped
		std::uint64_t number = 0;
	};

	Runner(Loop loop, Paths paths, Window window)
		: loop_(std::move(loop)), paths_(std::move(paths)), window_(std::move(window)),
		  report_(paths_, window_.id, window_.serial) {}
	Status prepare();
	Status watch_world();

	void post(
		EventDetail detail, EventOrigin origin = EventOrigin::world, std::uint64_t number = 0);
	void handle_queue();
	[[nodiscard]] bool is_stale(const QueuedEvent& queued) const;
	void read_window_again();
	void read_config_again();

	void perform(const action::StartEnrol& start);
	void perform(const action::StopEnrol& stop);
	void perform(const action::StartTunnel& start);
	void perform(const action::StopTunnel& stop);
	void perform(const action::SendBeat& send);
	void perform(const action::Tell& tell);
	void perform(const action::Quit& quit);

	Result<std::unique_ptr<RunningSsh>> start_enrolment(
		const action::StartEnrol& start, std::uint64_t number);
	Result<std::unique_ptr<RunningSsh>> start_tunnel(
		const action::StartTunnel& start, std::uint64_t number);
	void hear_tunnel(RunningSsh& connection, std::string_view bytes, std::uint64_t number);
	void end_tunnel(RunningSsh& connection, Failure failure, std::uint64_t number);

	Loop loop_;
	Paths paths_;
	Config config_;    // the last one that could be used
	Window window_;
	Report report_;
	Supervisor supervisor_;
	std::deque<QueuedEvent> queue_;
	std::uint64_t last_number_ = 0;
	std::uint64_t enrolment_number_ = 0;
	std::uint64_t tunnel_number_ = 0;
	std::unique_ptr<RunningSsh> enrolment_;
	std::unique_ptr<RunningSsh> tunnel_;
	std::unique_ptr<FileWatch> files_;
	std::unique_ptr<NetworkWatch> network_;
	EventSourceHandle work_, timer_, terminate_, interrupt_;
};

}    // namespace rassist::agent
