#include "relay/hold.hpp"

#include "common/sessions/listeners.hpp"
#include "common/system/clock.hpp"
#include "common/system/process.hpp"
#include "relay/forced_command.hpp"
#include "relay/hold_heartbeat.hpp"
#include "relay/ready_lock.hpp"
#include "relay/timers.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace rassist::hold {
namespace {

using Milliseconds = std::chrono::milliseconds;

constexpr Milliseconds kFarewell{300};    ///< for the last line to leave us
constexpr std::string_view kEnded = "the connection has ended";

TunnelEnd make_displaced_end() {
	return TunnelEnd{Bye::displaced, "a newer tunnel of the device has taken its place"};
}

std::chrono::seconds remaining_of(const TunnelWindow& window, const Now& now) {
	return Deadline{window.until, {}}.remaining(now);
}

void set_nonblocking(int fd) { ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK); }

/// Writes what is unsent as far as the pipe takes it. The tunnel's end where nobody is left to read
/// it.
std::optional<TunnelEnd> write_unsent(HoldHeartbeat& talk, int out) {
	while (!talk.unsent().empty()) {
		const ssize_t count = ::write(out, talk.unsent().data(), talk.unsent().size());
		if (count >= 0)
			talk.note_sent(static_cast<std::size_t>(count), read_boot_milliseconds());
		else if (errno == EAGAIN)
			return std::nullopt;
		else if (errno != EINTR)
			return TunnelEnd{Bye::failed, std::string(kEnded)};
	}
	return std::nullopt;
}

/// The watch over a tunnel that is up.
class TunnelWatch {
public:
	struct Clocks {
		Timer beat;
		Timer deadline;
		DeadManTimer dead_man;
	};
	TunnelWatch(const HoldPlan& plan, const OwnSshd& sshd, int signals, const TunnelWindow& window,
		const Now& now, ReadyLock ready, Clocks clocks, std::vector<PublishedPlace> published)
		: plan_(plan), sshd_(sshd), signals_(signals), window_(window),
		  published_(std::move(published)), ready_(std::move(ready)), clocks_(std::move(clocks)),
		  talk_(plan.config.heartbeat, plan.config.heartbeat_limit, remaining_of(window, now),
			  read_boot_milliseconds()) {
		if (window_.twin)
			talk_.warn_of_twin();
	}

	TunnelEnd run() {
		TunnelEnd end = watch();
		ready_.reset();    // first: nobody is to be sent here any more
		talk_.add_bye(end.bye);
		const Milliseconds until = read_boot_milliseconds() + kFarewell;
		while (!write_unsent(talk_, plan_.out) && !talk_.unsent().empty() &&
			   read_boot_milliseconds() < until) {
			pollfd out{plan_.out, POLLOUT, 0};
			static_cast<void>(::poll(&out, 1, 20));
		}
		return end;
	}

private:
	enum PollSource { kIn, kOut, kSshd, kSignals, kBeat, kDeadline, kSources };

	TunnelEnd watch() {
		while (true) {
			clocks_.dead_man.restart();
			if (std::optional<TunnelEnd> end = write_unsent(talk_, plan_.out))
				return *std::move(end);
			clocks_.beat.set(talk_.next_check());
			clocks_.deadline.set(std::chrono::seconds(window_.until));
			std::array<pollfd, kSources> sources{
				{{plan_.in, POLLIN, 0}, {talk_.unsent().empty() ? -1 : plan_.out, POLLOUT, 0},
					{sshd_.pidfd(), POLLIN, 0}, {signals_, POLLIN, 0},
					{clocks_.beat.fd(), POLLIN, 0}, {clocks_.deadline.fd(), POLLIN, 0}}};
			if (::poll(sources.data(), sources.size(), -1) < 0 && errno != EINTR)
				return TunnelEnd{Bye::failed, os_error(errno, "poll").what};
			if (std::optional<TunnelEnd> end = react(sources))
				return *std::move(end);
		}
	}

	std::optional<TunnelEnd> react(const std::array<pollfd, kSources>& sources) {
		if (sources[kSshd].revents != 0)
			return TunnelEnd{Bye::failed, std::string(kEnded)};
		if (sources[kSignals].revents != 0)
			return read_signal();
		if (sources[kIn].revents != 0) {
			if (std::optional<TunnelEnd> end = hear())
				return end;
		}
		const Milliseconds time = read_boot_milliseconds();
		if (std::optional<TunnelEnd> end = talk_.check_silence(time))
			return end;
		const bool deadline = sources[kDeadline].revents != 0;
		if (deadline)
			clocks_.deadline.clear();
		if (sources[kBeat].revents != 0)
			clocks_.beat.clear();
		if (deadline || talk_.is_beat_due(time))
			return judge_again(time);
		return std::nullopt;
	}

	/// pam_rassist sends SIGHUP when a newer tunnel of the device logs in.
	[[nodiscard]] TunnelEnd read_signal() const {
		signalfd_siginfo signal{};
		const bool read = ::read(signals_, &signal, sizeof signal) == sizeof signal;
		return read && signal.ssi_signo == SIGHUP
				   ? make_displaced_end()
				   : TunnelEnd{Bye::failed, "told to end by a signal"};
	}

	std::optional<TunnelEnd> hear() {
		std::array<char, 512> buffer{};
		const ssize_t count = ::read(plan_.in, buffer.data(), buffer.size());
		if (count < 0)
			return errno == EAGAIN || errno == EINTR
					   ? std::nullopt
					   : std::optional(TunnelEnd{
							 Bye::failed, os_error(errno, "reading from the device").what});
		if (count == 0)
			return TunnelEnd{Bye::failed, std::string(kEnded)};
		return talk_.hear(
			{buffer.data(), static_cast<std::size_t>(count)}, read_boot_milliseconds());
	}

	/// Judges the tunnel by the records once more, and says a beat if one is due.
	std::optional<TunnelEnd> judge_again(Milliseconds time) {
		const Result<Now> wall = read_clocks();
		if (!wall)
			return TunnelEnd{Bye::failed, wall.error().what};
		TunnelVerdict verdict = judge_tunnel(
			read_tunnel_records(plan_.paths, plan_.serial, plan_.root), window_, *wall);
		if (verdict.end)
			return std::move(verdict.end);
		if (!ready_->is_ours())
			return make_displaced_end();
		if (!published_.empty() && !are_all_allowed(published_, read_published_places(plan_.paths,
																	plan_.serial, plan_.root)))
			// The device enrols again after this end, and learns where it is published now.
			return TunnelEnd{Bye::expired, "it listens where the device is no longer published"};
		if (verdict.window->twin != window_.twin)
			talk_.warn_of_twin();
		window_ = *verdict.window;
		talk_.speak(remaining_of(window_, *wall), time);
		return std::nullopt;
	}

	const HoldPlan& plan_;
	const OwnSshd& sshd_;
	int signals_;
	TunnelWindow window_;
	std::vector<PublishedPlace> published_;    // where we listen for others
	std::optional<ReadyLock> ready_;
	Clocks clocks_;
	HoldHeartbeat talk_;
};

Result<TunnelWatch::Clocks> open_clocks(const Config& config) {
	Result<Timer> beat = Timer::open(CLOCK_BOOTTIME);
	if (!beat)
		return beat.error();
	Result<Timer> deadline = Timer::open(CLOCK_REALTIME);
	if (!deadline)
		return deadline.error();
	Result<DeadManTimer> dead_man = DeadManTimer::start(config.heartbeat + config.heartbeat_limit);
	if (!dead_man)
		return dead_man.error();
	return TunnelWatch::Clocks{*std::move(beat), *std::move(deadline), *std::move(dead_man)};
}

/// The listener for ssh must be there and be ours. Whether there is one for http is the device's
/// choice.
std::optional<TunnelEnd> check_listener(const HoldPlan& plan, const std::string& address) {
	const Result<bool> there = has_listener(plan.proc_net, address, kSshPort, ::geteuid());
	if (!there)
		return TunnelEnd{Bye::failed, there.error().what};
	if (!*there)
		return TunnelEnd{Bye::failed,
			"the connection does not forward " + address + " port " + std::to_string(kSshPort)};
	return std::nullopt;
}

}    // namespace

Result<Id> parse_command(std::string_view text) {
	const std::vector<std::string> words = split_words(text);
	if (words.size() != 2 || words[0] != "hold")
		return Error{Fault::invalid,
			quoted(text) + " is not for this key: a tunnel runs `hold ID` and nothing else"};
	return Id::parse(words[1]);
}

TunnelEnd hold_tunnel(const HoldPlan& plan, const OwnSshd& sshd, int signals,
	const std::function<void(const TunnelWindow&, const ListeningPlaces&)>& on_up) {
	const auto refused = [&](TunnelEnd end) {
		say_bye(plan.out, end.bye);
		return end;
	};
	const Result<Now> time = read_clocks();
	if (!time)
		return refused(TunnelEnd{Bye::failed, time.error().what});
	const TunnelRecords records = read_tunnel_records(plan.paths, plan.serial, plan.root);
	TunnelVerdict verdict = judge_tunnel(records, {}, *time);
	if (verdict.end)
		return refused(*std::move(verdict.end));
	if (std::optional<TunnelEnd> end = check_listener(plan, records.device->address))
		return refused(*std::move(end));
	Result<TunnelWatch::Clocks> clocks = open_clocks(plan.config);
	if (!clocks)
		return refused(TunnelEnd{Bye::failed, clocks.error().what});
	set_nonblocking(plan.in);
	set_nonblocking(plan.out);
	Result<ReadyLock> ready = ReadyLock::take(plan.paths, plan.serial);
	if (!ready)
		return refused(TunnelEnd{Bye::failed, ready.error().what});
	const ListeningPlaces publishing = find_listening_places(
		read_published_places(plan.paths, plan.serial, plan.root), plan.proc_net, ::geteuid());
	TunnelWatch watch(plan, sshd, signals, *verdict.window, *time, *std::move(ready),
		*std::move(clocks), publishing.listening);
	on_up(*verdict.window, publishing);
	return watch.run();
}

void say_bye(int out, Bye bye) noexcept {
	set_nonblocking(out);
	HeartbeatLine line;
	line.message = HeartbeatLine::Message::bye;
	line.bye = bye;
	const std::string text = format_line(line);
	static_cast<void>(!::write(out, text.data(), text.size()));
}

}    // namespace rassist::hold
