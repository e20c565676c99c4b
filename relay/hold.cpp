#include "relay/hold.hpp"

#include "common/sessions/listeners.hpp"
#include "common/system/clock.hpp"
#include "common/system/process.hpp"
#include "relay/forced_command.hpp"
#include "relay/hold_heartbeat.hpp"
#include "relay/ready.hpp"
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

TunnelEnd displaced() {
	return TunnelEnd{Bye::displaced, "a newer tunnel of the device has taken its place"};
}

std::chrono::seconds left_of(const HeldWindow& stand, const Now& now) {
	return Deadline{stand.until, {}}.remaining(now);
}

void never_wait(int fd) { ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK); }

/// What is said goes out as far as the pipe takes it. An TunnelEnd where there is nobody left to
/// take it.
std::optional<TunnelEnd> flush(HoldHeartbeat& talk, int out) {
	while (!talk.unsent().empty()) {
		const ssize_t count = ::write(out, talk.unsent().data(), talk.unsent().size());
		if (count >= 0)
			talk.sent(static_cast<std::size_t>(count), read_boot_milliseconds());
		else if (errno == EAGAIN)
			return std::nullopt;
		else if (errno != EINTR)
			return TunnelEnd{Bye::failed, std::string(kEnded)};
	}
	return std::nullopt;
}

/// A tunnel that is up.
class TunnelWatch {
public:
	struct Clocks {
		Timer beat;
		Timer deadline;
		DeadMan dead_man;
	};
	TunnelWatch(const HoldPlan& plan, const OwnSshd& sshd, int signals, const HeldWindow& stand,
		const Now& now, Ready ready, Clocks clocks, std::vector<PublishedPlace> published)
		: plan_(plan), sshd_(sshd), signals_(signals), stand_(stand),
		  published_(std::move(published)), ready_(std::move(ready)), clocks_(std::move(clocks)),
		  talk_(plan.config.heartbeat, plan.config.heartbeat_limit, left_of(stand, now),
			  read_boot_milliseconds()) {
		if (stand_.twin)
			talk_.warn_of_twin();
	}

	TunnelEnd run() {
		TunnelEnd end = watch();
		ready_.reset();    // first: nobody is to be sent here any more
		talk_.take_leave(end.bye);
		const Milliseconds until = read_boot_milliseconds() + kFarewell;
		while (!flush(talk_, plan_.out) && !talk_.unsent().empty() &&
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
			clocks_.dead_man.alive();
			if (std::optional<TunnelEnd> end = flush(talk_, plan_.out))
				return *std::move(end);
			clocks_.beat.at(talk_.next_look());
			clocks_.deadline.at(std::chrono::seconds(stand_.until));
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
			return told();
		if (sources[kIn].revents != 0) {
			if (std::optional<TunnelEnd> end = hear())
				return end;
		}
		const Milliseconds time = read_boot_milliseconds();
		if (std::optional<TunnelEnd> end = talk_.patience(time))
			return end;
		const bool deadline = sources[kDeadline].revents != 0;
		if (deadline)
			clocks_.deadline.clear();
		if (sources[kBeat].revents != 0)
			clocks_.beat.clear();
		if (deadline || talk_.beat_due(time))
			return look_again(time);
		return std::nullopt;
	}

	/// SIGHUP is pam_rassist's, when a newer tunnel of the device logs in.
	[[nodiscard]] TunnelEnd told() const {
		signalfd_siginfo signal{};
		const bool read = ::read(signals_, &signal, sizeof signal) == sizeof signal;
		return read && signal.ssi_signo == SIGHUP
				   ? displaced()
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

	/// The records once more, and a beat if one is due.
	std::optional<TunnelEnd> look_again(Milliseconds time) {
		const Result<Now> wall = read_clocks();
		if (!wall)
			return TunnelEnd{Bye::failed, wall.error().what};
		TunnelVerdict verdict =
			judge(read_records(plan_.paths, plan_.serial, plan_.root), stand_, *wall);
		if (verdict.end)
			return std::move(verdict.end);
		if (!ready_->ours())
			return displaced();
		if (!published_.empty() &&
			!all_allowed(published_, read_published_places(plan_.paths, plan_.serial, plan_.root)))
			// the device enrols again, and learns where it is
			return TunnelEnd{Bye::expired, "it listens where the device is no longer published"};
		if (verdict.stand->twin != stand_.twin)
			talk_.warn_of_twin();
		stand_ = *verdict.stand;
		talk_.speak(left_of(stand_, *wall), time);
		return std::nullopt;
	}

	const HoldPlan& plan_;
	const OwnSshd& sshd_;
	int signals_;
	HeldWindow stand_;
	std::vector<PublishedPlace> published_;    // where we listen for others
	std::optional<Ready> ready_;
	Clocks clocks_;
	HoldHeartbeat talk_;
};

Result<TunnelWatch::Clocks> clocks_for(const Config& config) {
	Result<Timer> beat = Timer::on(CLOCK_BOOTTIME);
	if (!beat)
		return beat.error();
	Result<Timer> deadline = Timer::on(CLOCK_REALTIME);
	if (!deadline)
		return deadline.error();
	Result<DeadMan> dead_man = DeadMan::after(config.heartbeat + config.heartbeat_limit);
	if (!dead_man)
		return dead_man.error();
	return TunnelWatch::Clocks{*std::move(beat), *std::move(deadline), *std::move(dead_man)};
}

/// The find_listener_owner for ssh must be there and ours. One for http is the device's choice.
std::optional<TunnelEnd> not_listening(const HoldPlan& plan, const std::string& address) {
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

TunnelEnd stand(const HoldPlan& plan, const OwnSshd& sshd, int signals,
	const std::function<void(const HeldWindow&, const Publishing&)>& on_up) {
	const auto refused = [&](TunnelEnd end) {
		say_bye(plan.out, end.bye);
		return end;
	};
	const Result<Now> time = read_clocks();
	if (!time)
		return refused(TunnelEnd{Bye::failed, time.error().what});
	const TunnelRecords records = read_records(plan.paths, plan.serial, plan.root);
	TunnelVerdict verdict = judge(records, {}, *time);
	if (verdict.end)
		return refused(*std::move(verdict.end));
	if (std::optional<TunnelEnd> end = not_listening(plan, records.device->address))
		return refused(*std::move(end));
	Result<TunnelWatch::Clocks> clocks = clocks_for(plan.config);
	if (!clocks)
		return refused(TunnelEnd{Bye::failed, clocks.error().what});
	never_wait(plan.in);
	never_wait(plan.out);
	Result<Ready> ready = Ready::take(plan.paths, plan.serial);
	if (!ready)
		return refused(TunnelEnd{Bye::failed, ready.error().what});
	const Publishing publishing =
		look(read_published_places(plan.paths, plan.serial, plan.root), plan.proc_net, ::geteuid());
	TunnelWatch watch(plan, sshd, signals, *verdict.stand, *time, *std::move(ready),
		*std::move(clocks), publishing.listening);
	on_up(*verdict.stand, publishing);
	return watch.run();
}

void say_bye(int out, Bye bye) noexcept {
	never_wait(out);
	HeartbeatLine line;
	line.message = HeartbeatLine::Message::bye;
	line.bye = bye;
	const std::string text = format_line(line);
	static_cast<void>(!::write(out, text.data(), text.size()));
}

}    // namespace rassist::hold
