#include "common/system/process.hpp"

#include "common/base/parse.hpp"
#include "common/base/system_call.hpp"
#include "common/system/files.hpp"

#include <fcntl.h>

#include <cerrno>
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

}    // namespace

Result<std::uint64_t> read_process_start(pid_t pid) {
	const Result<Stat> stat = read_stat(pid);
	if (!stat)
		return stat.error();
	if (is_dead(*stat))
		return Error{Fault::not_found, "process " + std::to_string(pid) + ": has ended"};
	return stat->started;
}

Result<pid_t> read_process_parent(pid_t pid) {
	const Result<Stat> stat = read_stat(pid);
	if (!stat)
		return stat.error();
	if (is_dead(*stat))
		return Error{Fault::not_found, "process " + std::to_string(pid) + ": has ended"};
	return stat->parent;
}

}    // namespace rassist
