#include "rassist-agent/runner.hpp"

#include "common/base/journal.hpp"
#include "common/base/lookup.hpp"
#include "common/system/clock.hpp"
#include "rassist-agent/seen_window.hpp"

#include <signal.h>
#include <sys/random.h>
#include <sysexits.h>

#include <utility>

namespace rassist::agent {
namespace {

enum Topic { kWindowTopic, kConfigTopic };

std::uint64_t draw_random_number() {
	std::uint64_t number = 0;
	if (::getrandom(&number, sizeof(number), 0) != sizeof(number))
		number = static_cast<std::uint64_t>(
			read_boot_milliseconds().count());    // it is jitter, not a secret
	return number;
}

WindowFacts facts_of(const Window& window, const Now& now) {
	return {window.id, window.revision, read_boot_milliseconds() + window.deadline.remaining(now)};
}

}    // namespace

Result<std::unique_ptr<Runner>> Runner::open(Paths paths, Window window) {
	auto loop = Loop::open();
	if (!loop)
		return loop.error();
	std::unique_ptr<Runner> runner(
		new Runner(std::move(*loop), std::move(paths), std::move(window)));
	if (const auto prepared = runner->prepare(); !prepared)
		return prepared.error();
	return runner;
}

Status Runner::prepare() {
	auto work = loop_.add_deferred([this] { this->handle_queue(); });
	if (!work)
		return work.error();
	work_ = std::move(*work);
	auto timer = loop_.add_timer([this] {
		read_window_again();    // the wall clock may have ended it
		post(event::Woken{});
	});
	if (!timer)
		return timer.error();
	timer_ = std::move(*timer);
	for (const auto& [signal, handle] :
		{std::pair{SIGTERM, &terminate_}, std::pair{SIGINT, &interrupt_}}) {
		auto source = loop_.on_signal(signal, [this] { post(event::Stopped{}); });
		if (!source)
			return source.error();
		*handle = std::move(*source);
	}
	if (auto fed = loop_.feed_watchdog(); !fed)
		return fed;
	return watch_world();
}

Status Runner::watch_world() {
	auto files = FileWatch::open(loop_,
		{{paths_.run, "window", kWindowTopic}, {paths_.etc, "", kConfigTopic},
			{paths_.config_dropins(), "", kConfigTopic}, {paths_.state, "identity", kConfigTopic}},
		[this](int topic) { topic == kWindowTopic ? read_window_again() : read_config_again(); });
	if (!files)
		return files.error();
	files_ = std::move(*files);
	auto network = NetworkWatch::open(loop_, [this] { post(event::NetworkChanged{}); });
	if (!network)
		return network.error();
	network_ = std::move(*network);
	return Done{};
}

int Runner::run() {
	read_window_again();    // once more: it may have changed before it was watched
	read_config_again();
	const int status = loop_.run();
	return status < 0 ? EX_OSERR : status;
}

void Runner::post(EventDetail detail, EventOrigin origin, std::uint64_t number) {
	queue_.push_back({std::move(detail), origin, number});
	Loop::schedule(*work_);
}

bool Runner::is_stale(const QueuedEvent& queued) const {
	switch (queued.origin) {
	case EventOrigin::enrolment:
		return queued.number != enrolment_number_;
	case EventOrigin::tunnel:
		return queued.number != tunnel_number_;
	case EventOrigin::world:
		break;
	}
	return false;
}

void Runner::handle_queue() {
	while (!queue_.empty()) {
		const QueuedEvent queued = std::move(queue_.front());
		queue_.pop_front();
		if (is_stale(queued))
			continue;
		if (queued.origin == EventOrigin::enrolment)
			perform(action::StopEnrol{});
		if (std::holds_alternative<event::TunnelEnded>(queued.detail))
			perform(action::StopTunnel{});
		const auto actions = supervisor_.handle(
			{read_boot_milliseconds(), draw_random_number(), Id::random(), queued.detail});
		for (const Action& action : actions)
			std::visit([this](const auto& one) { perform(one); }, action);
	}
	report_.write_status(supervisor_.view(), read_boot_milliseconds());
	Loop::set_timer(*timer_, supervisor_.wake_time());
}

/// The record says what is true. While it is not believed, nobody is let in (pam_rassist), and the
/// tunnel waits for it to be mended, up to the end that it knows.
void Runner::read_window_again() {
	auto now = rassist::read_clocks();
	auto window = now ? read_seen_window(paths_, *now) : Lookup<Window>(now.error());
	if (window.failed()) {
		const std::string sentence = "the window's record is not believed: " + window.error().what +
									 "; nobody can log in while it is so";
		JournalEntry(kProgram, Priority::error, message::kRecordRefused, sentence).send();
		return;
	}
	if (window.absent())
		return post(event::WindowGone{});
	window_ = *std::move(window);
	post(event::WindowSeen{facts_of(window_, *now)});
}

void Runner::read_config_again() {
	auto config = load_config(paths_);
	if (!config)
		return post(event::Misconfigured{config.error().what});
	if (config->relays.empty())
		return post(
			event::Misconfigured{paths_.config() + ": no relay is named: write `relays = HOST` in "
												   "[device], or use `rassist setup device`"});
	config_ = std::move(*config);
	std::vector<Service> publish = config_.publish;
	if (!config_.http)    // what leads nowhere is not published
		std::erase(publish, Service::http);
	post(event::Configured{config_.relays, std::move(publish)});
}

void Runner::perform(const action::StopEnrol&) {
	enrolment_.reset();
	enrolment_number_ = 0;
}

void Runner::perform(const action::StopTunnel&) {
	tunnel_.reset();
	tunnel_number_ = 0;
}

void Runner::perform(const action::SendBeat&) {
	HeartbeatLine line;
	line.message = HeartbeatLine::Message::beat;
	if (tunnel_)
		tunnel_->process->say(format_line(line));
}

void Runner::perform(const action::Tell& tell) { report_.tell(tell); }

void Runner::perform(const action::Quit&) { loop_.quit(0); }

}    // namespace rassist::agent
