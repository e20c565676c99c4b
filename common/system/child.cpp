#include "common/system/child.hpp"

#include "common/base/system_call.hpp"
#include "common/system/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <utility>

namespace rassist {
namespace {

struct Pipe {
	UniqueFd read;
	UniqueFd write;
};

/// Above the standard streams, so that putting one stream in its place never overwrites another.
Result<UniqueFd> lifted(UniqueFd fd) {
	if (fd.get() > STDERR_FILENO)
		return fd;
	UniqueFd above(::fcntl(fd.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
	if (!above)
		return os_error(errno, "fcntl");
	return above;
}

Result<Pipe> make_pipe() {
	std::array<int, 2> ends{-1, -1};
	if (::pipe2(ends.data(), O_CLOEXEC) != 0)
		return os_error(errno, "pipe");
	UniqueFd read_end(ends[0]);
	UniqueFd write_end(ends[1]);
	Result<UniqueFd> read = lifted(std::move(read_end));
	if (!read)
		return std::move(read).error();
	Result<UniqueFd> write = lifted(std::move(write_end));
	if (!write)
		return std::move(write).error();
	return Pipe{std::move(*read), std::move(*write)};
}

std::vector<char*> pointers(std::vector<std::string>& words) {
	std::vector<char*> result;
	result.reserve(words.size() + 1);
	for (std::string& word : words)
		result.push_back(word.data());
	result.push_back(nullptr);
	return result;
}

struct Streams {
	Pipe in;
	Pipe out;
	Pipe err;
};

Result<Streams> make_streams(const ChildPlan& plan) {
	Streams streams;
	struct WantedPipe {
		bool wanted;
		Pipe& pipe;
	};
	for (const WantedPipe& stream :
		{WantedPipe{plan.pipe_stdin, streams.in}, WantedPipe{plan.pipe_stdout, streams.out},
			WantedPipe{plan.pipe_stderr, streams.err}}) {
		if (!stream.wanted)
			continue;
		Result<Pipe> made = make_pipe();
		if (!made)
			return std::move(made).error();
		stream.pipe = std::move(*made);
	}
	if (plan.pipe_stdin)
		return streams;
	UniqueFd null(uninterrupted([] { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }));
	if (!null)
		return os_error(errno, "/dev/null");
	Result<UniqueFd> above = lifted(std::move(null));
	if (!above)
		return std::move(above).error();
	streams.in.read = std::move(*above);
	return streams;
}

/// All that the child needs, made before fork(2): after it only async-signal-safe calls are made.
struct Launch {
	std::vector<std::string> argv;
	std::vector<std::string> environment;
	std::vector<char*> argv_pointers;
	std::vector<char*> environment_pointers;
	std::array<int, 3> streams{-1, -1, -1};    // what becomes 0, 1, 2; -1: as it is
	int failure = -1;                          // errno goes here where there is no exec
	pid_t parent = -1;
};

void put_streams_in_place(const Launch& launch) {
	for (int stream = 0; stream < 3; ++stream) {
		const int source = launch.streams[static_cast<std::size_t>(stream)];
		if (source >= 0)
			uninterrupted([&] { return ::dup2(source, stream); });    // dup2 clears close-on-exec
	}
}

/// Signals as a fresh program expects them: ours may be blocked for a signalfd, or ignored.
void restore_signals() {
	struct sigaction standard {};
	standard.sa_handler = SIG_DFL;
	for (int signal = 1; signal <= SIGRTMAX; ++signal)
		::sigaction(
			signal, &standard, nullptr);    // fails for KILL, STOP and libc's own two: as it should
	sigset_t none;
	::sigemptyset(&none);
	::sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void become(const Launch& launch) {
	::prctl(PR_SET_PDEATHSIG, SIGKILL);
	// the parent died before prctl: nobody would send the signal any more
	if (::getppid() != launch.parent)
		::_exit(127);
	restore_signals();
	put_streams_in_place(launch);
	// Descriptors of ours that somebody opened without O_CLOEXEC stay ours. The failure pipe is
	// close-on-exec as well.
	if (::syscall(SYS_close_range, STDERR_FILENO + 1, std::numeric_limits<unsigned>::max(),
			4U /* CLOSE_RANGE_CLOEXEC */) == 0)
		::execve(launch.argv_pointers[0], launch.argv_pointers.data(),
			launch.environment_pointers.data());
	const int failed = errno;
	static_cast<void>(
		uninterrupted([&] { return ::write(launch.failure, &failed, sizeof(failed)); }));
	::_exit(127);
}

int exit_status(int status) {
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/// errno of the exec that failed; 0 where the pipe was closed by one that worked.
int read_failure(int fd) {
	int failed = 0;
	const ssize_t got = uninterrupted([&] { return ::read(fd, &failed, sizeof(failed)); });
	return got == static_cast<ssize_t>(sizeof(failed)) ? failed : 0;
}

}    // namespace

Result<Child> Child::start(const ChildPlan& plan) {
	if (plan.argv.empty() || !plan.argv.front().starts_with('/'))
		return Error{Fault::internal, "a child's program must be an absolute path"};
	const std::string& program = plan.argv.front();
	Result<Streams> streams = make_streams(plan);
	if (!streams)
		return streams.error().within(program);
	Result<Pipe> failure = make_pipe();
	if (!failure)
		return failure.error().within(program);
	Launch launch{plan.argv, plan.environment, {}, {},
		{streams->in.read.get(), streams->out.write.get(), streams->err.write.get()},
		failure->write.get(), ::getpid()};
	launch.argv_pointers = pointers(launch.argv);
	launch.environment_pointers = pointers(launch.environment);
	Child child;
	child.pid_ = ::fork();
	if (child.pid_ < 0)
		return os_error(errno, "fork");
	if (child.pid_ == 0)
		become(launch);
	child.pidfd_ = UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, child.pid_, 0)));
	if (!child.pidfd_)
		return os_error(errno, "pidfd_open");
	failure->write.reset();
	if (const int failed = read_failure(failure->read.get()); failed != 0)
		return os_error(failed, program);
	child.stdin_ = std::move(streams->in.write);
	child.stdout_ = std::move(streams->out.read);
	child.stderr_ = std::move(streams->err.read);
	return child;
}

Child::Child(Child&& other) noexcept
	: pid_(std::exchange(other.pid_, -1)), status_(std::exchange(other.status_, std::nullopt)),
	  pidfd_(std::move(other.pidfd_)), stdin_(std::move(other.stdin_)),
	  stdout_(std::move(other.stdout_)), stderr_(std::move(other.stderr_)) {}

Child& Child::operator=(Child&& other) noexcept {
	if (this != &other) {
		Child ended(std::move(*this));
		pid_ = std::exchange(other.pid_, -1);
		status_ = std::exchange(other.status_, std::nullopt);
		pidfd_ = std::move(other.pidfd_);
		stdin_ = std::move(other.stdin_);
		stdout_ = std::move(other.stdout_);
		stderr_ = std::move(other.stderr_);
	}
	return *this;
}

Child::~Child() {
	if (pid_ <= 0 || status_)
		return;
	kill(SIGKILL);
	uninterrupted([&] { return ::waitpid(pid_, nullptr, 0); });
}

void Child::kill(int signal) noexcept {
	if (pid_ <= 0 || status_)
		return;
	if (pidfd_)
		::syscall(SYS_pidfd_send_signal, pidfd_.get(), signal, nullptr, 0);
	else
		::kill(pid_, signal);
}

std::optional<int> Child::wait(std::chrono::milliseconds timeout) {
	if (status_ || pid_ <= 0)
		return status_;
	if (!wait_process(pidfd_, timeout))
		return std::nullopt;
	int status = 0;
	const pid_t reaped = uninterrupted([&] { return ::waitpid(pid_, &status, WNOHANG); });
	if (reaped == 0)
		return std::nullopt;
	// ECHILD: somebody ignores SIGCHLD, the kernel reaped it
	status_ = reaped == pid_ ? exit_status(status) : 255;
	return status_;
}

}    // namespace rassist
