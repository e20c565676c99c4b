// The system that we really run on: PID 1, the clock, the account, the journal.
#pragma once

#include "common/base/paths.hpp"
#include "common/base/result.hpp"
#include "window/window_host.hpp"
#include "window/window_unit.hpp"

#include <optional>
#include <string>

namespace rassist::window_unit {

/// Finds the account of sysusers.d. not_found where there is none. exists where the name belongs to
/// somebody else (another home, or root's uid), who is then neither let in nor swept.
[[nodiscard]] Result<AssistAccount> find_assist_account(const Paths& paths);

class SystemHost : public WindowHost {
public:
	/// Without an account there is nothing to sweep.
	explicit SystemHost(std::optional<AssistAccount> assist) : assist_(assist) {}

	[[nodiscard]] Result<Now> now() override;
	[[nodiscard]] Status start_timer(const Window& window) override;
	[[nodiscard]] Status stop_timers_except(std::string_view name) override;
	[[nodiscard]] Result<bool> is_window_up() override;
	[[nodiscard]] SweepReport sweep() override;
	void say(const std::string& status) override;
	void journal(const JournalEntry& entry) override;

private:
	std::optional<AssistAccount> assist_;
};

}    // namespace rassist::window_unit
