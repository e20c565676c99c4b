// It looks at the records that logins are decided by: one that does not parse counts for nothing,
// and nobody notices until somebody needs it.
#include "rassist/doctor/checks.hpp"
#include "rassist/frame/progress.hpp"

#include "common/admission/store.hpp"
#include "common/records/registry.hpp"
#include "common/records/revoked_window.hpp"
#include "common/system/files.hpp"
#include "common/system/listing.hpp"

#include <pwd.h>
#include <sys/stat.h>

namespace rassist::cli::doctor {

namespace {

constexpr int kTold = 10;    ///< of each folder; the rest is counted

/// The damaged records of one folder, told of as they are found.
class DamagedRecords {
public:
	DamagedRecords(Findings& findings, std::string path, std::string mend)
		: findings_(findings), path_(std::move(path)), mend_(std::move(mend)) {}
	DamagedRecords(const DamagedRecords&) = delete;
	DamagedRecords& operator=(const DamagedRecords&) = delete;
	~DamagedRecords() {
		if (count_ > kTold) {
			findings_.fault(path_ + ": " + std::to_string(count_ - kTold) +
								" more records that count for nothing",
				mend_);
		}
	}
	void add(const std::string& what) {
		if (++count_ <= kTold)
			findings_.fault(what + "; this record counts for nothing", mend_);
	}

private:
	Findings& findings_;
	std::string path_;
	std::string mend_;
	int count_ = 0;
};

void look_at_devices(ExaminedHost& host) {
	const Paths& paths = host.context.paths;
	const auto folder = Folder::open(paths.devices());
	if (!folder || host.findings.tells_of("folders", paths.devices()))
		return;
	DamagedRecords damaged(host.findings, paths.devices(),
		"mend the file as rassist-records(5) says, or restore it from a backup");
	Progress progress(host.context.err, host.context.progress, "reading records of devices", 0);
	std::uint64_t count = 0;
	const Status read = for_each_name(folder->fd(), [&](std::string_view name) {
		progress.done(++count);
		if (const auto serial = Serial::parse(name); !serial) {
			if (!name.starts_with('.'))
				damaged.add(paths.devices() + "/" + std::string(name) + ": " + serial.error().what);
		} else if (const auto device = find_device(paths, *serial, host.context.root);
				   device.failed()) {
			damaged.add(device.error().what);
		}
		return true;
	});
	if (!read)
		host.findings.fault(read.error().what, "look at the disk: journalctl -k");
}

void look_at_grants(ExaminedHost& host, Role role, const std::string& mend) {
	const GrantFolder place = grant_folder_of(role, host.context.paths);
	if (host.findings.tells_of("folders", place.path))
		return;
	const auto list = list_grants(place, host.context.root);
	if (!list) {
		host.findings.fault(list.error().what, mend);
		return;
	}
	DamagedRecords damaged(host.findings, place.path, mend);
	for (const Error& error : list->refused)
		damaged.add(error.what);
}

void look_at_revoked(ExaminedHost& host) {
	const auto folder = Folder::open(host.context.paths.revoked());
	if (!folder)
		return;
	const auto names = folder->names();
	for (const std::string& name : names ? *names : std::vector<std::string>()) {
		if (const auto record = read_revoked_window(*folder, name, host.context.root); !record) {
			host.findings.fault(record.error().what + "; it denies that window all the same",
				"remove the file if no window of that name is to be denied");
		}
	}
}

}    // namespace

void look_at_records(ExaminedHost& host) {
	look_at_devices(host);
	look_at_grants(
		host, Role::staff, "remove the file, and add the person's key again: rassist staff add");
	look_at_grants(host, Role::identity,
		"remove the file, and activate the device again: rassist device token");
	look_at_grants(
		host, Role::activation, "remove the file, and make a new token: rassist device token");
	look_at_grants(host, Role::tunnel, "remove the file: the device enrols again by itself");
	look_at_revoked(host);
}

void look_at_identity(ExaminedHost& host) {
	const std::string path = host.context.paths.identity();
	struct stat file {};
	if (lstat(path.c_str(), &file) != 0) {
		host.findings.fault(path + " is missing: this device was never activated",
			"on the relay: rassist device add SERIAL; here: rassist activate SERIAL, with the "
			"token it prints");
		return;
	}
	const passwd* agent = getpwnam(host.context.agent_account.c_str());
	if (!S_ISREG(file.st_mode) || (agent != nullptr && file.st_uid != agent->pw_uid) ||
		(file.st_mode & 077) != 0) {
		host.findings.fault(path + " must be a file of " + host.context.agent_account +
								"'s that nobody else reads (0600)",
			"chown " + host.context.agent_account + ": " + path + " && chmod 600 " + path);
		return;
	}
	const auto key = host.ask({"/usr/bin/ssh-keygen", "-y", "-P", "", "-f", path});
	if (!key || key->status != 0) {
		host.findings.fault(path + " is no private key that ssh can read",
			"activate the device again: on the relay rassist device token SERIAL, here rassist "
			"activate");
	}
}

}    // namespace rassist::cli::doctor
