#include "window/sweep.hpp"

#include "common/system/files.hpp"

#include <cerrno>
#include <unistd.h>

namespace rassist::window_unit {
namespace {

constexpr int kLooks = 20;

/// Looks at the files once. What this look could not remove takes the place of what the look before
/// could not.
int sweep_files(const SweepPlan& plan, std::vector<std::string>& left) {
	int removed = 0;
	left.clear();
	for (const std::string& file : plan.files)
		if (::unlink(file.c_str()) == 0)
			++removed;
		else if (errno != ENOENT && errno != ENOTDIR)
			left.push_back(os_error(errno, file).what);
	for (const std::string& folder : plan.folders) {
		FilesSwept swept = sweep_folder(folder, plan.uid);
		removed += swept.removed;
		left.insert(left.end(), std::make_move_iterator(swept.left.begin()),
			std::make_move_iterator(swept.left.end()));
	}
	return removed;
}

}    // namespace

SweepPlan plan_sweep(const std::string& account, uid_t uid, gid_t gid) {
	return {
		.uid = uid,
		.gid = gid,
		.files =
			{
				"/var/spool/cron/crontabs/" + account,    // Debian
				"/var/spool/cron/" + account,             // Fedora, EL
				"/var/spool/cron/tabs/" + account,        // SUSE
				"/var/lib/systemd/linger/" + account,
				"/var/mail/" + account,    // cron mails a job's output
				"/var/spool/mail/" + account,
				"/run/sudo/ts/" + account,
				"/run/sudo/ts/" + std::to_string(uid),    // sudo 1.9.15
				"/var/lib/sudo/lectured/" + account,
			},
		.folders =
			{
				"/tmp",
				"/var/tmp",
				"/dev/shm",
				"/dev/mqueue",
				"/run/lock",
				"/run/screen",
				"/run/user/" + std::to_string(uid),
				"/var/crash",
				"/var/mail",
				"/var/spool/mail",
				"/var/spool/cron",    // crontabs, at jobs and their output
				"/var/spool/at",
			},
	};
}

SweepReport sweep_account(const SweepPlan& plan) {
	SweepReport report;
	if (plan.uid == 0) {
		report.left.emplace_back("the account is root itself, nothing was swept");
		return report;
	}
	std::vector<std::string> files_left;
	for (int look = 0; look < kLooks; ++look) {
		// processes go first: one that lives makes new files and jobs
		const int processes = end_processes(plan.uid, plan.gid);
		const int files = sweep_files(plan, files_left) + remove_ipc(plan.uid, plan.gid);
		report.processes += processes;
		report.files += files;
		if (processes == 0 && files == 0)
			break;
	}
	report.left = list_living_processes(plan.uid);
	report.left.insert(report.left.end(), files_left.begin(), files_left.end());
	return report;
}

}    // namespace rassist::window_unit
