#include "common/system/run.hpp"

#include "common/base/parse.hpp"
#include "common/base/system_call.hpp"
#include "common/system/child.hpp"
#include "common/system/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>

namespace rassist {
namespace {

using Clock = std::chrono::steady_clock;

/// write(2) that says EPIPE and sends no signal: a library has no business with the process's
/// signal handlers.
ssize_t write_quietly(int fd, std::string_view data) {
	sigset_t pipe_signal;
	sigset_t before;
	sigset_t pending;
	::sigemptyset(&pipe_signal);
	::sigaddset(&pipe_signal, SIGPIPE);
	::sigpending(&pending);
	::pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
	const ssize_t put = uninterrupted([&] { return ::write(fd, data.data(), data.size()); });
	const int failed = errno;
	if (put < 0 && failed == EPIPE && ::sigismember(&pending, SIGPIPE) == 0) {
		const timespec at_once{};
		uninterrupted([&] { return ::sigtimedwait(&pipe_signal, nullptr, &at_once); });
	}
	::pthread_sigmask(SIG_SETMASK, &before, nullptr);
	errno = failed;
	return put;
}

/// Both ways at once, so that neither side waits for the other for ever.
class Exchange {
public:
	Exchange(Child& child, std::string_view input, std::size_t max_output)
		: child_(child), input_(input), max_(max_output) {}

	Result<Finished> run(Clock::time_point until) {
		for (const UniqueFd* end : {&child_.in(), &child_.out(), &child_.err()})
			if (::fcntl(end->get(), F_SETFL, O_NONBLOCK) != 0)
				return os_error(errno, "fcntl");
		give();
		for (bool ended = false; !ended && (child_.out() || child_.err());) {
			const auto left =
				std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
			if (left <= 0)
				return Error{Fault::unavailable, "no end in time"};
			// What it leaves running may hold its output open: its own end is the end.
			std::array<pollfd, 4> watched{
				{{child_.in().get(), POLLOUT, 0}, {child_.out().get(), POLLIN, 0},
					{child_.err().get(), POLLIN, 0}, {child_.pidfd(), POLLIN, 0}}};
			if (::poll(watched.data(), watched.size(),
					static_cast<int>(std::min<std::int64_t>(left, 3'600'000))) < 0 &&
				errno != EINTR)
				return os_error(errno, "poll");
			ended = watched[3].revents != 0;
			give();
			if (!take(child_.out(), finished_.out) || !take(child_.err(), finished_.err))
				return Error{
					Fault::too_large, "more than " + std::to_string(max_) + " bytes of output"};
		}
		child_.in().reset();
		const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
		const std::optional<int> status = child_.wait(std::max(left, std::chrono::milliseconds(0)));
		if (!status)
			return Error{Fault::unavailable, "no end in time"};
		finished_.status = *status;
		return std::move(finished_);
	}

private:
	/// A child that does not want all of its input is not a failure.
	void give() {
		while (child_.in() && !input_.empty()) {
			const ssize_t put = write_quietly(child_.in().get(), input_);
			if (put < 0 && errno == EAGAIN)
				return;
			input_.remove_prefix(put < 0 ? input_.size() : static_cast<std::size_t>(put));
		}
		child_.in().reset();
	}

	/// false: too much.
	bool take(UniqueFd& from, std::string& into) const {
		// NOLINT(cppcoreguidelines-pro-type-member-init): filled by read
		std::array<char, 4096> buffer;
		while (from) {
			const ssize_t got =
				uninterrupted([&] { return ::read(from.get(), buffer.data(), buffer.size()); });
			if (got < 0 && errno == EAGAIN)
				return true;
			if (got <= 0) {
				from.reset();
				return true;
			}
			if (into.size() + static_cast<std::size_t>(got) > max_)
				return false;
			into.append(buffer.data(), static_cast<std::size_t>(got));
		}
		return true;
	}

	Child& child_;
	std::string_view input_;
	std::size_t max_;
	Finished finished_;
};

}    // namespace

Result<Finished> run(ChildPlan plan, std::string_view input, std::chrono::milliseconds timeout,
	std::size_t max_output) {
	const Clock::time_point until = Clock::now() + timeout;
	plan.pipe_stdin = true;
	plan.pipe_stdout = true;
	plan.pipe_stderr = true;
	Result<Child> child = Child::start(plan);
	if (!child)
		return std::move(child).error();
	Result<Finished> finished = Exchange(*child, input, max_output).run(until);
	return finished ? std::move(finished)
					: Result<Finished>(finished.error().within(plan.argv.front()));
}

}    // namespace rassist
