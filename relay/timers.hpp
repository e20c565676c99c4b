// The timers of a hold: descriptors that wake it, and the one by which the kernel ends it.
#pragma once

#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"

#include <chrono>
#include <cstdint>
#include <ctime>
#include <utility>

namespace rassist::hold {

/// A descriptor that becomes readable at a time.
class Timer {
public:
	static Result<Timer> open(clockid_t clock);
	/// Absolute; a time in the past counts at once. On CLOCK_REALTIME the descriptor also becomes
	/// readable when the clock is set.
	void set(std::chrono::milliseconds time) const noexcept;
	void clear() const noexcept;    ///< reads what made it readable
	[[nodiscard]] int fd() const noexcept { return fd_.get(); }

private:
	Timer(UniqueFd fd, clockid_t clock) : fd_(std::move(fd)), clock_(clock) {}
	UniqueFd fd_;
	clockid_t clock_;
};

/// The kernel kills us (by SIGKILL, which also ends a stopped process) unless we restart the timer
/// in time: a hold that has stopped must not go on telling by its lock that the tunnel is up.
class DeadManTimer {
public:
	static Result<DeadManTimer> start(std::chrono::milliseconds limit);
	DeadManTimer(DeadManTimer&& other) noexcept
		: timer_(other.timer_), limit_(other.limit_), armed_(std::exchange(other.armed_, false)) {}
	DeadManTimer& operator=(DeadManTimer&&) = delete;
	DeadManTimer(const DeadManTimer&) = delete;
	DeadManTimer& operator=(const DeadManTimer&) = delete;
	~DeadManTimer();
	void restart() const noexcept;

private:
	DeadManTimer(timer_t timer, std::chrono::milliseconds limit) : timer_(timer), limit_(limit) {}
	timer_t timer_;
	std::chrono::milliseconds limit_;
	bool armed_ = true;
};

}    // namespace rassist::hold
