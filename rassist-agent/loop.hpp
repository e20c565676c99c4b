// sd-event(3) behind owners: a source lives as long as its handle. The agent's only thread runs the
// loop. In one turn, what can be read from descriptors comes first, then the work that follows from
// it, then the timers. So a process that slept too long takes what has arrived before it judges a
// silence.
#pragma once

#include "common/base/result.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

struct sd_event;
struct sd_event_source;

namespace rassist::agent {

/// A source of events, which ends with its owner. Its own handler must not destroy it: handlers
/// schedule work instead.
class EventSource {
public:
	EventSource() = default;
	~EventSource();
	EventSource(const EventSource&) = delete;
	EventSource& operator=(const EventSource&) = delete;

	void turn_off() noexcept;    ///< it hears nothing more

private:
	friend class Loop;
	std::function<void()> handler_;
	sd_event_source* source_ = nullptr;
};
using EventSourceHandle = std::unique_ptr<EventSource>;

class Loop {
public:
	static Result<Loop> open();

	[[nodiscard]] Result<EventSourceHandle> on_readable(int fd, std::function<void()> handler);
	/// The signal must be blocked by the caller.
	[[nodiscard]] Result<EventSourceHandle> on_signal(int signal, std::function<void()> handler);
	/// The timer does not run until set_timer.
	[[nodiscard]] Result<EventSourceHandle> add_timer(std::function<void()> handler);
	/// The time is CLOCK_BOOTTIME's; nullopt turns the timer off.
	static void set_timer(EventSource& timer, std::optional<std::chrono::milliseconds> at);
	/// The handler is called once after each schedule(), before timers.
	[[nodiscard]] Result<EventSourceHandle> add_deferred(std::function<void()> handler);
	static void schedule(EventSource& deferred);

	/// The loop sends WATCHDOG=1 where the unit has WatchdogSec=.
	[[nodiscard]] Status feed_watchdog();
	/// Runs until quit(), and returns its code.
	[[nodiscard]] int run();
	void quit(int code) noexcept;

private:
	struct Unref {
		void operator()(sd_event* loop) const noexcept;
	};
	explicit Loop(sd_event* loop) : loop_(loop) {}
	[[nodiscard]] static EventSourceHandle make_source(std::function<void()> handler);
	[[nodiscard]] static Result<EventSourceHandle> finish_source(
		EventSourceHandle source, int added, const char* what, std::int64_t priority);

	std::unique_ptr<sd_event, Unref> loop_;
};

}    // namespace rassist::agent
