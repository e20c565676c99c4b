#include "rassist-agent/loop.hpp"

#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sysexits.h>
#include <systemd/sd-event.h>

#include <exception>
#include <utility>

namespace rassist::agent {
namespace {

constexpr std::int64_t kAfterReading = 50;
constexpr std::int64_t kLast = 100;
constexpr std::uint64_t kAccuracy = 20'000;    // µs

/// A broken promise of our own ends the program; systemd starts it again in the same window.
void call(const std::function<void()>& handler, sd_event_source* source) noexcept {
	try {
		handler();
	} catch (const std::exception&) {
		sd_event_exit(sd_event_source_get_event(source), EX_SOFTWARE);
	}
}

int on_io(sd_event_source* source, int, std::uint32_t, void* handler) noexcept {
	call(*static_cast<std::function<void()>*>(handler), source);
	return 0;
}

int on_signalled(sd_event_source* source, const signalfd_siginfo*, void* handler) noexcept {
	call(*static_cast<std::function<void()>*>(handler), source);
	return 0;
}

int on_time(sd_event_source* source, std::uint64_t, void* handler) noexcept {
	call(*static_cast<std::function<void()>*>(handler), source);
	return 0;
}

int on_defer(sd_event_source* source, void* handler) noexcept {
	call(*static_cast<std::function<void()>*>(handler), source);
	return 0;
}

}    // namespace

EventSource::~EventSource() { sd_event_source_disable_unref(source_); }

void EventSource::turn_off() noexcept { sd_event_source_set_enabled(source_, SD_EVENT_OFF); }

void Loop::Unref::operator()(sd_event* loop) const noexcept { sd_event_unref(loop); }

Result<Loop> Loop::open() {
	sd_event* loop = nullptr;
	if (const int failed = sd_event_new(&loop); failed < 0)
		return os_error(-failed, "event loop");
	return Loop(loop);
}

EventSourceHandle Loop::make_source(std::function<void()> handler) {
	auto source = std::make_unique<EventSource>();
	source->handler_ = std::move(handler);
	return source;
}

Result<EventSourceHandle> Loop::finish_source(
	EventSourceHandle source, int added, const char* what, std::int64_t priority) {
	if (added >= 0)
		added = sd_event_source_set_priority(source->source_, priority);
	if (added < 0)
		return os_error(-added, what);
	return source;
}

Result<EventSourceHandle> Loop::on_readable(int fd, std::function<void()> handler) {
	EventSourceHandle source = make_source(std::move(handler));
	const int added =
		sd_event_add_io(loop_.get(), &source->source_, fd, EPOLLIN, on_io, &source->handler_);
	return finish_source(
		std::move(source), added, "watching a descriptor", SD_EVENT_PRIORITY_NORMAL);
}

Result<EventSourceHandle> Loop::on_signal(int signal, std::function<void()> handler) {
	EventSourceHandle source = make_source(std::move(handler));
	const int added =
		sd_event_add_signal(loop_.get(), &source->source_, signal, on_signalled, &source->handler_);
	return finish_source(std::move(source), added, "watching a signal", SD_EVENT_PRIORITY_NORMAL);
}

Result<EventSourceHandle> Loop::add_timer(std::function<void()> handler) {
	EventSourceHandle source = make_source(std::move(handler));
	int added = sd_event_add_time(loop_.get(), &source->source_, CLOCK_BOOTTIME, UINT64_MAX,
		kAccuracy, on_time, &source->handler_);
	if (added >= 0)
		added = sd_event_source_set_enabled(source->source_, SD_EVENT_OFF);
	return finish_source(std::move(source), added, "timer", kLast);
}

void Loop::set_timer(EventSource& timer, std::optional<std::chrono::milliseconds> at) {
	if (!at) {
		timer.turn_off();
		return;
	}
	const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(*at).count();
	sd_event_source_set_time(
		timer.source_, microseconds < 0 ? 0 : static_cast<std::uint64_t>(microseconds));
	sd_event_source_set_enabled(timer.source_, SD_EVENT_ONESHOT);
}

Result<EventSourceHandle> Loop::add_deferred(std::function<void()> handler) {
	EventSourceHandle source = make_source(std::move(handler));
	int added = sd_event_add_defer(loop_.get(), &source->source_, on_defer, &source->handler_);
	if (added >= 0)
		added = sd_event_source_set_enabled(source->source_, SD_EVENT_OFF);
	return finish_source(std::move(source), added, "deferred work", kAfterReading);
}

void Loop::schedule(EventSource& deferred) {
	sd_event_source_set_enabled(deferred.source_, SD_EVENT_ONESHOT);
}

Status Loop::feed_watchdog() {
	if (const int failed = sd_event_set_watchdog(loop_.get(), 1); failed < 0)
		return os_error(-failed, "watchdog");
	return Done{};
}

int Loop::run() { return sd_event_loop(loop_.get()); }

void Loop::quit(int code) noexcept { sd_event_exit(loop_.get(), code); }

}    // namespace rassist::agent
