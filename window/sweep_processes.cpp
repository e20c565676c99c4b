#include "common/base/parse.hpp"
#include "common/base/system_call.hpp"
#include "common/base/unique_fd.hpp"
#include "common/system/files.hpp"
#include "common/system/process.hpp"
#include "window/sweep.hpp"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <optional>

namespace rassist::window_unit {
namespace {

constexpr std::chrono::milliseconds kEndWait{200};
constexpr int kHelperWaitMs = 2000;
constexpr std::size_t kProcFileMax = 64 * 1024;

std::optional<std::int64_t> number(std::string_view text) {
	const Result<std::int64_t> value =
		parse_integer(text, 0, std::numeric_limits<std::int64_t>::max());
	return value ? std::optional<std::int64_t>(*value) : std::nullopt;
}

/// The file's text; "" where it is not there, or no longer.
std::string read_proc(const std::string& path) {
	const UniqueFd fd(
		uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY); }));
	if (!fd)
		return {};
	Result<std::string> text = read_all(fd.get(), kProcFileMax);
	return text ? std::move(*text) : std::string();
}

/// The value of a line "Name:\tvalue" of /proc/PID/status.
std::string_view find_status_value(std::string_view status, std::string_view name) {
	while (!status.empty()) {
		const std::size_t end = std::min(status.find('\n'), status.size());
		const std::string_view line = status.substr(0, end);
		if (line.size() > name.size() && line.starts_with(name) && line[name.size()] == ':')
			return trimmed(line.substr(name.size() + 1));
		status.remove_prefix(std::min(end + 1, status.size()));
	}
	return {};
}

std::vector<pid_t> list_ourselves_and_ancestors() {
	std::vector<pid_t> pids;
	for (pid_t pid = ::getpid(); pid > 0;) {
		pids.push_back(pid);
		pid = static_cast<pid_t>(
			number(find_status_value(read_proc("/proc/" + std::to_string(pid) + "/status"), "PPid"))
				.value_or(0));
	}
	return pids;
}

struct Process {
	pid_t pid = 0;
	std::string name;
};

std::vector<Process> list_processes_of(uid_t uid) {
	std::vector<Process> found;
	const Result<Folder> proc = Folder::open("/proc");
	const Result<std::vector<std::string>> names =
		proc ? proc->names() : Result<std::vector<std::string>>(proc.error());
	if (!names)
		return found;
	const std::vector<pid_t> spared = list_ourselves_and_ancestors();
	for (const std::string& name : *names) {
		const std::optional<std::int64_t> pid = number(name);
		if (!pid ||
			std::find(spared.begin(), spared.end(), static_cast<pid_t>(*pid)) != spared.end())
			continue;
		const std::string status = read_proc("/proc/" + name + "/status");
		if (is_process_of(status, read_proc("/proc/" + name + "/loginuid"), uid))
			found.push_back(
				{static_cast<pid_t>(*pid), std::string(find_status_value(status, "Name"))});
	}
	return found;
}

[[nodiscard]] bool become_account(uid_t uid, gid_t gid) {
	if (::setgroups(0, nullptr) != 0 || ::setresgid(gid, gid, gid) != 0 ||
		::setresuid(uid, uid, uid) != 0)
		return false;
	uid_t real = 0;
	uid_t effective = 0;
	uid_t saved = 0;
	return ::getresuid(&real, &effective, &saved) == 0 && real == uid && effective == uid &&
		   saved == uid && uid != 0;
}

/// Runs `act` in a child that is that uid and nothing else. Whoever else is that uid may stop the
/// child, so it has two seconds.
template <class Act> void as_account(uid_t uid, gid_t gid, Act act) {
	const pid_t child = ::fork();
	if (child < 0)
		return;    // the look one by one is still to come
	if (child == 0) {
		if (become_account(uid, gid))
			act();
		::_exit(0);
	}
	const UniqueFd handle(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
	pollfd ended{handle.get(), POLLIN, 0};
	if (!handle || uninterrupted([&] { return ::poll(&ended, 1, kHelperWaitMs); }) != 1)
		::kill(child, SIGKILL);
	uninterrupted([&] { return ::waitpid(child, nullptr, 0); });
}

struct IpcTable {
	const char* path;
	std::string_view id_column;
	void (*remove)(int id);
};
constexpr std::array<IpcTable, 3> kIpcTables{{
	{"/proc/sysvipc/shm", "shmid", [](int id) { ::shmctl(id, IPC_RMID, nullptr); }},
	{"/proc/sysvipc/sem", "semid", [](int id) { ::semctl(id, 0, IPC_RMID); }},
	{"/proc/sysvipc/msg", "msqid", [](int id) { ::msgctl(id, IPC_RMID, nullptr); }},
}};

}    // namespace

bool is_process_of(std::string_view status, std::string_view login_uid, uid_t uid) {
	const std::string_view state = find_status_value(status, "State");
	if (state.empty() || state.starts_with('Z') || state.starts_with('X'))
		return false;
	const std::vector<std::string> uids = split_words(find_status_value(status, "Uid"));
	const bool bears_it = std::any_of(uids.begin(), uids.end(),
		[&](const std::string& text) { return number(text) == std::int64_t{uid}; });
	return bears_it || number(trimmed(login_uid)) == std::int64_t{uid};
}

int end_processes(uid_t uid, gid_t gid) {
	const std::vector<Process> before = list_processes_of(uid);
	if (before.empty())
		return 0;
	as_account(uid, gid, [] { ::kill(-1, SIGKILL); });
	std::vector<UniqueFd> dying;
	for (const Process& process : list_processes_of(uid)) {
		const Result<std::uint64_t> started = read_process_start(process.pid);
		Result<UniqueFd> handle =
			started ? open_process(process.pid, *started) : Result<UniqueFd>(started.error());
		if (handle && signal_process(*handle, SIGKILL))
			dying.push_back(std::move(*handle));
	}
	const auto patience = std::chrono::steady_clock::now() + kEndWait;
	// one that does not end is found again by the next look
	for (const UniqueFd& handle : dying) {
		const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
			patience - std::chrono::steady_clock::now());
		(void)wait_process(handle, std::max(left, std::chrono::milliseconds(0)));
	}
	return static_cast<int>(before.size());
}

std::vector<std::string> list_living_processes(uid_t uid) {
	std::vector<std::string> told;
	for (const Process& process : list_processes_of(uid))
		told.push_back(
			"process " + std::to_string(process.pid) + " (" + process.name + ") still runs");
	return told;
}

std::vector<int> find_ipc_of(std::string_view table, std::string_view id_column, uid_t uid) {
	std::vector<int> ids;
	std::vector<std::string> columns;
	while (!table.empty()) {
		const std::size_t end = std::min(table.find('\n'), table.size());
		const std::vector<std::string> words = split_words(table.substr(0, end));
		table.remove_prefix(std::min(end + 1, table.size()));
		if (columns.empty()) {
			columns = words;
			continue;
		}
		std::optional<std::int64_t> id;
		bool its_own = false;
		for (std::size_t i = 0; i < std::min(words.size(), columns.size()); ++i)
			if (columns[i] == id_column)
				id = number(words[i]);
			else if (columns[i] == "uid" || columns[i] == "cuid")
				its_own = its_own || number(words[i]) == std::int64_t{uid};
		if (id && its_own)
			ids.push_back(static_cast<int>(*id));
	}
	return ids;
}

int remove_ipc(uid_t uid, gid_t gid) {
	int found = 0;
	for (const IpcTable& table : kIpcTables) {
		const std::vector<int> ids = find_ipc_of(read_proc(table.path), table.id_column, uid);
		found += static_cast<int>(ids.size());
		if (!ids.empty())
			as_account(uid, gid, [&] { std::for_each(ids.begin(), ids.end(), table.remove); });
	}
	return found;
}

}    // namespace rassist::window_unit
