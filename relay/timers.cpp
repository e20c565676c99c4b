#include "relay/timers.hpp"

#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

namespace rassist::hold {
namespace {

timespec to_timespec(std::chrono::milliseconds time) {
	// zero would mean "never"
	const std::int64_t count = std::max<std::int64_t>(time.count(), 1);
	return timespec{static_cast<time_t>(count / 1000), static_cast<long>(count % 1000) * 1'000'000};
}

}    // namespace

Result<Timer> Timer::open(clockid_t clock) {
	UniqueFd fd(::timerfd_create(clock, TFD_CLOEXEC | TFD_NONBLOCK));
	if (!fd)
		return os_error(errno, "timerfd_create");
	return Timer(std::move(fd), clock);
}

void Timer::set(std::chrono::milliseconds time) const noexcept {
	const itimerspec when{{}, to_timespec(time)};
	const int flags = TFD_TIMER_ABSTIME | (clock_ == CLOCK_REALTIME ? TFD_TIMER_CANCEL_ON_SET : 0);
	// ECANCELED: the clock was set since the last time; the timer is armed all the same
	// (timerfd_create(2))
	static_cast<void>(::timerfd_settime(fd_.get(), flags, &when, nullptr));
}

void Timer::clear() const noexcept {
	std::uint64_t times = 0;
	static_cast<void>(!::read(fd_.get(), &times, sizeof times));
}

Result<DeadManTimer> DeadManTimer::start(std::chrono::milliseconds limit) {
	sigevent event{};
	event.sigev_notify = SIGEV_SIGNAL;
	event.sigev_signo = SIGKILL;
	timer_t timer{};
	if (::timer_create(CLOCK_BOOTTIME, &event, &timer) != 0)
		return os_error(errno, "timer_create");
	DeadManTimer man(timer, limit);
	man.restart();
	return man;
}

DeadManTimer::~DeadManTimer() {
	if (armed_)
		::timer_delete(timer_);
}

void DeadManTimer::restart() const noexcept {
	const itimerspec when{{}, to_timespec(limit_)};
	::timer_settime(timer_, 0, &when, nullptr);
}

}    // namespace rassist::hold
