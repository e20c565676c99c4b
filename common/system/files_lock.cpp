// The part of files.hpp that locks: FileLock. What only reads does not link it.
#include "common/base/system_call.hpp"
#include "common/system/files.hpp"
#include "common/system/files_write.hpp"
#include "common/system/listing.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <ctime>

namespace rassist {
namespace {

/// The lock's file. A missing one is made the folder owner's before it gets its name. One that was
/// there is given to nobody: in a folder of another account it can be a link to any file of root's,
/// and a look at its links would be stale by the time of the chown.
Result<UniqueFd> open_lock(const Folder& folder, const std::string& name, const std::string& path) {
	for (;;) {
		UniqueFd fd(uninterrupted([&] {
			return ::openat(
				folder.fd(), name.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
		}));
		struct stat file {};
		if (fd && ::fstat(fd.get(), &file) == 0)
			return S_ISREG(file.st_mode) ? Result<UniqueFd>(std::move(fd))
										 : Error{Fault::untrusted, path + ": not a regular file"};
		if (errno != ENOENT)
			return os_error(errno, path);
		const auto owner = ::geteuid() == 0 ? std::optional(folder.owner()) : std::nullopt;
		const Status made = write_file(folder, name, "",
			{.mode = 0600, .owner = owner, .group = {}, .replace = false, .durable = false});
		if (!made && made.error().code != Fault::exists)
			return made.error();
	}
}

/// The holder of a lock may remove its file (tidying does). Then another file has the name, and
/// that one's lock counts.
bool still_named(const Folder& folder, const std::string& name, int fd) {
	struct stat held {};
	struct stat named {};
	return ::fstat(fd, &held) == 0 &&
		   ::fstatat(folder.fd(), name.c_str(), &named, AT_SYMLINK_NOFOLLOW) == 0 &&
		   held.st_ino == named.st_ino && held.st_dev == named.st_dev;
}

}    // namespace

Result<FileLock> FileLock::take(const Folder& folder, const std::string& name, int wait_ms) {
	const std::string path = folder.path() + "/" + name;
	if (Status plain = require_plain_name(name); !plain)
		return plain.error().within(folder.path());
	const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(wait_ms);
	for (;;) {
		Result<UniqueFd> fd = open_lock(folder, name, path);
		if (!fd)
			return std::move(fd).error();
		while (uninterrupted([&] { return ::flock(fd->get(), LOCK_EX | LOCK_NB); }) != 0) {
			if (errno != EWOULDBLOCK)
				return os_error(errno, path);
			if (std::chrono::steady_clock::now() >= until)
				return Error{Fault::busy, path + ": locked by another process", EWOULDBLOCK};
			const timespec pause{0, 5'000'000};
			::nanosleep(&pause, nullptr);
		}
		if (still_named(folder, name, fd->get()))
			return FileLock(std::move(*fd));
	}
}

}    // namespace rassist
