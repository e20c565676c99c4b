// What an account left behind outside its sessions' slice is found and removed: processes,
// scheduled jobs, files in shared folders, System V IPC.
#pragma once

#include "window/window_host.hpp"

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

namespace rassist::window_unit {

/// One account's traces and where to look for them.
struct SweepPlan {
	uid_t uid = 0;
	gid_t gid = 0;
	std::vector<std::string> files;      ///< removed by name, whoever owns them
	std::vector<std::string> folders;    ///< walked for what the uid owns; a missing one is fine
};
[[nodiscard]] SweepPlan plan_sweep(const std::string& account, uid_t uid, gid_t gid);

/// Sweeps and looks again until a look finds nothing, at most 20 times. It never sweeps uid 0. It
/// needs root.
[[nodiscard]] SweepReport sweep_account(const SweepPlan& plan);

struct FilesSwept {
	int removed = 0;
	std::vector<std::string> left;    ///< paths, each with why
};

/// Removes below a folder what the uid owns, without following a symlink or leaving the file
/// system: files of any kind, and folders with what the uid owns in them. A folder of the uid's
/// that holds things of others stays and is given to `heir`, so that nothing of the uid remains.
/// The folder itself stays.
[[nodiscard]] FilesSwept sweep_folder(const std::string& path, uid_t uid, uid_t heir = 0);

/// The ids of a uid's System V objects in the text of a table of /proc/sysvipc/, by the name of the
/// id column: "shmid", "semid", "msqid".
[[nodiscard]] std::vector<int> find_ipc_of(
	std::string_view table, std::string_view id_column, uid_t uid);

/// Whether the process of this /proc/PID/status and /proc/PID/loginuid is the uid's: any of its
/// four uids, or its login uid (what sudo does not change). A zombie is nobody's.
[[nodiscard]] bool is_process_of(std::string_view status, std::string_view login_uid, uid_t uid);

/// Kills every process of the uid: first by kill(-1) as that uid, which no fork bomb outruns, and
/// then one by one whatever bears it as login uid, except ourselves and our ancestors. Waits a
/// moment for their end. Returns how many were found.
[[nodiscard]] int end_processes(uid_t uid, gid_t gid);
/// The processes of the uid that still run, as "process 123 (bash) still runs".
[[nodiscard]] std::vector<std::string> list_living_processes(uid_t uid);
/// Removes the uid's System V objects, as that uid, for only their owner may. Returns how many
/// there were.
[[nodiscard]] int remove_ipc(uid_t uid, gid_t gid);

}    // namespace rassist::window_unit
