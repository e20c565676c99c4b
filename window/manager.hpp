// What we ask of PID 1, over its private socket, which is there from early boot on and needs no
// dbus-daemon. manager.cpp is the only file that knows sd-bus.
#pragma once

#include "common/base/result.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct sd_bus;

namespace rassist::window_unit {

/// A transient timer that starts the service of its own name once, at the earlier of two times.
struct TimerPlan {
	std::string name;
	std::string description;
	std::chrono::microseconds in{0};    ///< from now on, CLOCK_MONOTONIC
	std::string calendar;               ///< systemd.time(7), wall clock
	std::string stops_with;             ///< the unit whose stop takes the timer along
};

class Manager {
public:
	/// unavailable where PID 1 is not systemd or does not answer.
	static Result<Manager> connect();

	/// Starts the timer; ok once it runs.
	[[nodiscard]] Status start_timer(const TimerPlan& plan);
	/// The names of units that are up, or on the way up or down, by a glob.
	[[nodiscard]] Result<std::vector<std::string>> list_active_units(const std::string& pattern);
	/// Queues the stop and does not wait for it. A unit that is not loaded is fine.
	[[nodiscard]] Status stop(const std::string& unit);
	/// Forgets that a unit failed. A unit that is not loaded is fine.
	[[nodiscard]] Status reset_failed(const std::string& unit);

private:
	struct Closer {
		void operator()(sd_bus* bus) const noexcept;
	};
	explicit Manager(sd_bus* bus) : bus_(bus) {}
	[[nodiscard]] Result<std::uint64_t> read_userspace_start() const;
	[[nodiscard]] Result<std::string> read_active_state(const std::string& unit) const;
	std::unique_ptr<sd_bus, Closer> bus_;
};

}    // namespace rassist::window_unit
