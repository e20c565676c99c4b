// What the agent tells of itself: the status file, the unit's STATUS=, the journal.
#pragma once

#include "common/base/parse.hpp"
#include "common/base/paths.hpp"
#include "common/records/agent_status.hpp"
#include "common/records/config.hpp"
#include "common/system/clock.hpp"
#include "rassist-agent/supervisor.hpp"

#include <optional>
#include <string>

namespace rassist::agent {

inline constexpr const char* kProgram = "rassist-agent";

/// The record for a view; `now` and `at` are the same moment on both clocks. Pure.
[[nodiscard]] AgentStatus status_of(
	const SupervisorView& view, const Id& window, const Now& now, Time at);
/// One line for `systemctl status`. Pure.
[[nodiscard]] std::string sentence_of(const AgentStatus& status);

class Report {
public:
	Report(Paths paths, Id window, Serial serial)
		: paths_(std::move(paths)), window_(std::move(window)), serial_(std::move(serial)) {}

	/// Writes the status file and STATUS= where the view is another than the last time.
	void write_status(const SupervisorView& view, Time at);
	void tell(const action::Tell& tell) const;

private:
	Paths paths_;
	Id window_;
	Serial serial_;
	std::optional<SupervisorView> shown_;
	bool write_failed_ = false;
};

/// Sends READY=1 once the agent supervises, and a STATUS= line.
void notify_ready(const std::string& sentence);
void notify_status(const std::string& sentence);
/// Writes the last sentence of a program that gives up to the journal, to STATUS=, and to a
/// terminal where standard error is one.
void give_up(const std::string& sentence);

}    // namespace rassist::agent
