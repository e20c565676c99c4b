#include "relay/ready_lock.hpp"

#include "common/records/registry.hpp"
#include "common/system/files_write.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace rassist::hold {
Result<ReadyLock> ReadyLock::take(const Paths& paths, const Serial& serial) {
	Result<Folder> folder = Folder::open(paths.ready());
	if (!folder)
		return folder.error();
	const Result<FileLock> turn = FileLock::take(*folder, kReadyLock);
	if (!turn)
		return turn.error();
	const std::string fresh = "." + serial.str() + ".new";
	if (const Status removed = remove_file(*folder, fresh); !removed)
		return removed.error();
	// readable by all: whoever asks whether the tunnel is up opens it; writable, for a write lock
	// wants that
	UniqueFd file(::openat(
		folder->fd(), fresh.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644));
	if (!file)
		return os_error(errno, folder->path() + "/" + fresh);
	struct flock lock {};
	lock.l_type = F_WRLCK;
	lock.l_whence = SEEK_SET;
	if (::fchmod(file.get(), 0644) != 0 || ::fcntl(file.get(), F_OFD_SETLK, &lock) != 0 ||
		::renameat(folder->fd(), fresh.c_str(), folder->fd(), serial.str().c_str()) != 0) {
		const Error error = os_error(errno, folder->path() + "/" + serial.str());
		static_cast<void>(remove_file(*folder, fresh));
		return error;
	}
	return ReadyLock(std::move(*folder), serial.str(), std::move(file));
}

ReadyLock::~ReadyLock() {
	if (!file_)    // moved from
		return;
	const Result<FileLock> turn = FileLock::take(folder_, kReadyLock, 500);
	if (turn && is_ours())
		// a name that stays is unlocked, and so says nothing
		static_cast<void>(remove_file(folder_, name_));
}

bool ReadyLock::is_ours() const noexcept {
	struct stat mine {};
	struct stat named {};
	return ::fstat(file_.get(), &mine) == 0 &&
		   ::fstatat(folder_.fd(), name_.c_str(), &named, AT_SYMLINK_NOFOLLOW) == 0 &&
		   mine.st_ino == named.st_ino && mine.st_dev == named.st_dev;
}

}    // namespace rassist::hold
