#include "rassist-agent/report.hpp"

#include "common/base/journal.hpp"
#include "common/system/files.hpp"
#include "common/system/files_write.hpp"

#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <chrono>

namespace rassist::agent {
namespace {

using std::chrono::duration_cast;
using std::chrono::seconds;

AgentState agent_state_of(SupervisorState state) {
	switch (state) {
	case SupervisorState::starting:
		return AgentState::starting;
	case SupervisorState::enrolling:
		return AgentState::enrolling;
	case SupervisorState::connecting:
		return AgentState::connecting;
	case SupervisorState::up:
	case SupervisorState::renewing:
		return AgentState::up;
	case SupervisorState::waiting:
		return AgentState::waiting;
	case SupervisorState::refused:
		return AgentState::refused;
	case SupervisorState::ended:
		break;
	}
	return AgentState::ended;
}

std::string format_at_time(std::int64_t utc) {
	return utc == 0 ? "when something changes" : "at " + format_utc(utc);
}

}    // namespace

AgentStatus status_of(const SupervisorView& view, const Id& window, const Now& now, Time at) {
	const auto wall = [&](Time time) {
		return now.wall + duration_cast<seconds>(time - at).count();
	};
	AgentStatus status;
	status.state = agent_state_of(view.state);
	status.window = window.str();
	if (!view.endpoint.host.empty())
		status.relay = view.endpoint.str();
	status.relay_name = view.relay_name;
	status.address = view.address;
	if (view.state == SupervisorState::up || view.state == SupervisorState::renewing)
		status.published = view.published;
	status.unpublished = view.unpublished;
	status.since = wall(view.since);
	if (view.until)
		status.until = wall(*view.until);
	status.trouble = view.failure.trouble;
	status.last_error = view.failure.sentence;
	if (view.attempt)
		status.attempt = view.attempt->str();
	if (view.next_try)
		status.next_try = wall(*view.next_try);
	return status;
}

std::string sentence_of(const AgentStatus& status) {
	const std::string because = status.last_error.empty() ? "" : " (" + status.last_error + ")";
	switch (status.state) {
	case AgentState::starting:
		return status.last_error.empty() ? "No relay is tried yet"
										 : "No tunnel: " + status.last_error;
	case AgentState::enrolling:
		return "Enrolling at relay " + status.relay + because;
	case AgentState::connecting:
		return "Connecting to relay " + status.relay + because;
	case AgentState::up:
		return "Tunnel is up to relay " + status.relay + ", where this device is " +
			   status.address + because;
	case AgentState::waiting:
		return "No tunnel: " + status.last_error + "; tries again " +
			   format_at_time(status.next_try);
	case AgentState::refused:
		return "No tunnel: " + status.last_error + "; asks again " +
			   format_at_time(status.next_try);
	case AgentState::ended:
		break;
	}
	return "The window is over";
}

void Report::write_status(const SupervisorView& view, Time at) {
	if (shown_ && *shown_ == view && !write_failed_)
		return;
	shown_ = view;
	const auto now = rassist::read_clocks();
	const AgentStatus status = status_of(view, window_, now ? *now : Now{}, at);
	notify_status(sentence_of(status));
	Attributes attributes;
	attributes.durable = false;
	const auto written = write_file(paths_.agent_status(), format_agent_status(status), attributes);
	if (!written && !write_failed_)
		JournalEntry(kProgram, Priority::warning, {},
			written.error().what + "; `rassist status` shows an old state")
			.send();
	write_failed_ = !written;
}

void Report::tell(const action::Tell& tell) const {
	JournalEntry entry(kProgram, tell.priority, tell.message, tell.sentence);
	entry.field("RASSIST_SERIAL", serial_.str()).field("RASSIST_WINDOW", window_.str());
	if (!tell.endpoint.host.empty())
		entry.field("RASSIST_RELAY", tell.endpoint.str());
	if (tell.attempt)
		entry.field("RASSIST_ID", tell.attempt->str());
	if (tell.trouble != Trouble::none)
		entry.field("RASSIST_REASON", format_trouble(tell.trouble));
	entry.send();
}

void notify_ready(const std::string& sentence) {
	sd_notify(0, ("READY=1\nSTATUS=" + sentence).c_str());
}

void notify_status(const std::string& sentence) { sd_notify(0, ("STATUS=" + sentence).c_str()); }

void give_up(const std::string& sentence) {
	notify_status(sentence);
	JournalEntry(kProgram, Priority::error, {}, sentence).send();
	if (::isatty(STDERR_FILENO) == 1)
		static_cast<void>(write_all(STDERR_FILENO, std::string(kProgram) + ": " + sentence + "\n"));
}

}    // namespace rassist::agent
