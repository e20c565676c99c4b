#include "common/system/process.hpp"

#include "common/base/parse.hpp"
#include "common/base/system_call.hpp"
#include "common/system/files.hpp"
#include "common/system/listing.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <limits>

namespace rassist {
namespace {

/// What we want of /proc/PID/stat.
struct Stat {
	char state = '?';
	pid_t parent = 0;
	std::uint64_t started = 0;
};

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

/// The second field is the program's name in parentheses, and may hold anything, ')' included: only
/// the last ')' ends it (proc(5)).
Result<Stat> parse_stat(std::string_view text) {
	const std::size_t end = text.rfind(')');
	const std::vector<std::string> fields = end == std::string_view::npos
												? std::vector<std::string>{}
												: split_words(trimmed(text.substr(end + 1)));
	constexpr std::size_t kState = 0;     // field 3
	constexpr std::size_t kParent = 1;    // field 4
	constexpr std::size_t kStart = 19;    // field 22
	if (fields.size() <= kStart)
		return Error{Fault::invalid, "not what proc(5) says of stat"};
	const Result<std::int64_t> parent =
		parse_integer(fields[kParent], 0, std::numeric_limits<pid_t>::max());
	if (!parent)
		return parent.error();
	const Result<std::int64_t> started = parse_integer(fields[kStart], 0, kMost);
	if (!started)
		return started.error();
	return Stat{
		fields[kState].front(), static_cast<pid_t>(*parent), static_cast<std::uint64_t>(*started)};
}

Result<Stat> read_stat(pid_t pid) {
	const std::string path = "/proc/" + std::to_string(pid) + "/stat";
	const UniqueFd fd(
		uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY); }));
	if (!fd)
		return os_error(errno, "process " + std::to_string(pid));
	const Result<std::string> text = read_all(fd.get(), 4096);
	if (!text)    // ESRCH: it ended between open and read
		return text.error().os_errno == ESRCH
				   ? Error{Fault::not_found, "process " + std::to_string(pid) + ": has ended",
						 ESRCH}
				   : text.error();
	return parse_stat(*text);
}

bool is_dead(const Stat& stat) {
	return stat.state == 'Z' || stat.state == 'X' || stat.state == 'x';
}

struct Kin {
	pid_t pid = 0;
	pid_t parent = 0;
};

std::vector<Kin> everybody_alive() {
	std::vector<Kin> alive;
	const UniqueFd proc(
		uninterrupted([] { return ::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
	if (!proc)
		return alive;
	const Result<std::vector<std::string>> names = list_folder(proc.get());
	if (!names)
		return alive;
	for (const std::string& name : *names) {
		const Result<std::int64_t> pid = parse_integer(name, 1, std::numeric_limits<pid_t>::max());
		if (!pid)
			continue;
		const Result<Stat> stat = read_stat(static_cast<pid_t>(*pid));
		if (stat && !is_dead(*stat))
			alive.push_back({static_cast<pid_t>(*pid), stat->parent});
	}
	return alive;
}

}    // namespace

Result<std::uint64_t> process_start(pid_t pid) {
	const Result<Stat> stat = read_stat(pid);
	if (!stat)
		return stat.error();
	if (is_dead(*stat))
		return Error{Fault::not_found, "process " + std::to_string(pid) + ": has ended"};
	return stat->started;
}

Result<std::uint64_t> ticks_since_boot() {
	timespec time{};
	const long hertz = ::sysconf(_SC_CLK_TCK);
	if (hertz <= 0 || ::clock_gettime(CLOCK_BOOTTIME, &time) != 0)
		return os_error(errno, "the time since boot");
	constexpr std::uint64_t kNanoseconds = 1'000'000'000;
	const auto ticks = static_cast<std::uint64_t>(hertz);
	return static_cast<std::uint64_t>(time.tv_sec) * ticks +
		   static_cast<std::uint64_t>(time.tv_nsec) / (kNanoseconds / ticks);
}

Result<pid_t> process_parent(pid_t pid) {
	const Result<Stat> stat = read_stat(pid);
	if (!stat)
		return stat.error();
	if (is_dead(*stat))
		return Error{Fault::not_found, "process " + std::to_string(pid) + ": has ended"};
	return stat->parent;
}

Result<UniqueFd> open_process(pid_t pid, std::uint64_t started) {
	UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
	if (!pidfd) {
		// EINVAL: the number belongs to a thread now, or is none
		if (errno == ESRCH || errno == EINVAL)
			return Error{Fault::not_found, "process " + std::to_string(pid) + ": has ended", errno};
		return os_error(errno, "pidfd_open");
	}
	// Looked at with the handle in hand: the number cannot pass on to another process without our
	// seeing another start time.
	const Result<std::uint64_t> now = process_start(pid);
	if (!now)
		return now.error();
	if (*now != started)
		return Error{Fault::not_found,
			"process " + std::to_string(pid) + ": has ended, another has its number"};
	return pidfd;
}

Status signal_process(const UniqueFd& pidfd, int signal) {
	if (::syscall(SYS_pidfd_send_signal, pidfd.get(), signal, nullptr, 0) == 0)
		return Done{};
	if (errno == ESRCH)
		return Error{Fault::not_found, "the process has ended", ESRCH};
	return os_error(errno, "pidfd_send_signal");
}

bool wait_process(const UniqueFd& pidfd, std::chrono::milliseconds timeout) {
	using Clock = std::chrono::steady_clock;
	const Clock::time_point until = Clock::now() + timeout;
	for (;;) {
		const auto left =
			std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
		pollfd waiting{pidfd.get(), POLLIN, 0};
		const int ready =
			::poll(&waiting, 1, static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000)));
		if (ready > 0)
			return (waiting.revents & POLLIN) != 0;
		if (ready < 0 && errno != EINTR)
			return false;
		if (ready == 0 && Clock::now() >= until)
			return false;
	}
}

std::vector<pid_t> find_descendants(pid_t pid) {
	const std::vector<Kin> alive = everybody_alive();
	std::vector<pid_t> found{pid};
	for (std::size_t i = 0; i < found.size(); ++i) {
		for (const Kin& kin : alive)
			if (kin.parent == found[i] &&
				std::find(found.begin(), found.end(), kin.pid) == found.end())
				found.push_back(kin.pid);
	}
	found.erase(found.begin());
	std::reverse(found.begin(), found.end());
	return found;
}

}    // namespace rassist
