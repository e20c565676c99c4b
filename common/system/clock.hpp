// Time, and when a window ends. On a device both clocks count: CLOCK_BOOTTIME with its boot id (a
// clock set back gains nothing) and the wall clock; whichever ends first. On a relay only the wall
// clock.
#pragma once

#include "common/base/result.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace rassist {

struct Now {
	std::int64_t wall = 0;    ///< UTC, seconds since 1970
	std::int64_t boot = 0;    ///< CLOCK_BOOTTIME, seconds
	std::string boot_id;      ///< /proc/sys/kernel/random/boot_id
};

/// Reads both clocks and the boot id. unavailable where /proc is not there.
[[nodiscard]] Result<Now> read_clocks();

/// CLOCK_BOOTTIME at this moment: it goes on while the machine sleeps, and nobody sets it. Every
/// kernel that can run us has it.
[[nodiscard]] std::chrono::nanoseconds read_boot_clock() noexcept;
/// The same in whole milliseconds, for timers.
[[nodiscard]] inline std::chrono::milliseconds read_boot_milliseconds() noexcept {
	return std::chrono::floor<std::chrono::milliseconds>(read_boot_clock());
}

struct Deadline {
	std::int64_t wall = 0;    ///< UTC, seconds since 1970
	struct Boot {
		std::int64_t at = 0;    ///< CLOCK_BOOTTIME, seconds
		std::string id;
	};
	std::optional<Boot> boot;    ///< a relay's have none

	/// `duration` from now on, both clocks.
	static Deadline after(std::chrono::seconds duration, const Now& now);
	/// Seconds until the earlier of the two; 0 once past, and 0 under another boot id.
	[[nodiscard]] std::chrono::seconds remaining(const Now& now) const;
	[[nodiscard]] bool passed(const Now& now) const { return remaining(now).count() <= 0; }
};

}    // namespace rassist
