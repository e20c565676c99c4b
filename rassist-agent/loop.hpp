// sd-event(3) behind owners: a source lives as long as its handle. The agent's only thread runs it.
// Order within one turn: what was read from descriptors, then the work that followed from it, then
// timers. So a process that slept too long takes what has arrived before it judges a silence.
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

/// A source of events; ends with its owner. Must not be destroyed by its own handler: handlers
/// post() work instead.
class EventSource {
public:
	EventSource() = default;
	~EventSource();
	EventSource(const EventSource&) = delete;
	EventSource& operator=(const EventSource&) = delete;

	void off() noexcept;    ///< hears nothing until on_… again

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
	/// The signal must be blocked.
	[[nodiscard]] Result<EventSourceHandle> on_signal(int signal, std::function<void()> handler);
	/// Not running until set_timer.
	[[nodiscard]] Result<EventSourceHandle> timer(std::function<void()> handler);
	/// CLOCK_BOOTTIME; nullopt: off.
	static void set_timer(EventSource& timer, std::optional<std::chrono::milliseconds> at);
	/// Called once after each schedule(), before timers.
	[[nodiscard]] Result<EventSourceHandle> deferred(std::function<void()> handler);
	static void schedule(EventSource& deferred);

	/// WATCHDOG=1 from the loop, where the unit has WatchdogSec=.
	[[nodiscard]] Status feed_watchdog();
	/// Until quit(); its code.
	[[nodiscard]] int run();
	void quit(int code) noexcept;

private:
	struct Unref {
		void operator()(sd_event* loop) const noexcept;
	};
	explicit Loop(sd_event* loop) : loop_(loop) {}
	[[nodiscard]] static EventSourceHandle make(std::function<void()> handler);
	[[nodiscard]] static Result<EventSourceHandle> made(
		EventSourceHandle source, int added, const char* what, std::int64_t priority);

	std::unique_ptr<sd_event, Unref> loop_;
};

}    // namespace rassist::agent
