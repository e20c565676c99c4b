// What the window's unit needs of the system it runs on, besides its own files. The unit's steps
// know only this, so that tests can see their order.
#pragma once

#include "common/base/journal.hpp"
#include "common/base/result.hpp"
#include "common/records/window.hpp"
#include "common/system/clock.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace rassist::window_unit {

/// What the sweep of the account found.
struct SweepReport {
	int processes = 0;                ///< ended
	int files = 0;                    ///< removed: files, folders, crontabs, at jobs, System V IPC
	std::vector<std::string> left;    ///< what is still there, one sentence part each
};

class WindowHost {
public:
	WindowHost() = default;
	WindowHost(const WindowHost&) = delete;
	WindowHost& operator=(const WindowHost&) = delete;
	virtual ~WindowHost() = default;

	[[nodiscard]] virtual Result<Now> now() = 0;
	/// Once this is ok the timer runs, and PID 1 alone ends the window at its deadline.
	[[nodiscard]] virtual Status start_timer(const Window& window) = 0;
	/// Stops every deadline timer but this one; "" stops all.
	[[nodiscard]] virtual Status stop_timers_except(std::string_view name) = 0;
	/// Whether PID 1 has the window open, opening or closing.
	[[nodiscard]] virtual Result<bool> is_window_up() = 0;
	/// Ends and removes what belongs to the account, and looks again until nothing is found.
	[[nodiscard]] virtual SweepReport sweep() = 0;
	/// Sets the line that `systemctl status` shows.
	virtual void say(const std::string& status) = 0;
	virtual void journal(const JournalEntry& entry) = 0;
};

}    // namespace rassist::window_unit
