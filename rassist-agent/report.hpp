// What the agent tells the world about itself: the status file, STATUS= of the unit, the journal.
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

/// The record for a view; `now` and `at` are the same moment. Pure.
[[nodiscard]] AgentStatus status_of(
	const SupervisorView& view, const Id& window, const Now& now, Time at);
/// One line for `systemctl status`. Pure.
[[nodiscard]] std::string sentence_of(const AgentStatus& status);

class Report {
public:
	Report(Paths paths, Id window, Serial serial)
		: paths_(std::move(paths)), window_(std::move(window)), serial_(std::move(serial)) {}

	/// Writes what changed since the last time.
	void write_status(const SupervisorView& view, Time at);
	void tell(const action::Tell& tell) const;

private:
	Paths paths_;
	Id window_;
	Serial serial_;
	std::optional<SupervisorView> shown_;
	bool write_failed_ = false;
};

/// READY=1 once the agent supervises, and a STATUS= line.
void notify_ready(const std::string& sentence);
void notify_status(const std::string& sentence);
/// To the journal (and a terminal) and STATUS=: the last word of a program that gives up.
void give_up(const std::string& sentence);

}    // namespace rassist::agent
