// Files that we must be able to trust. A file is judged by its descriptor, never by its path.
#pragma once

#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"

#include <sys/types.h>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace rassist {

/// Who may own a file that we believe, and how big it may be.
struct Trust {
	uid_t owner = 0;
	std::size_t max_size = 64 * 1024;
	bool secret = false;    ///< also refuse a file that group or others may read
};

/// A folder held open: all work below it goes through openat, so that nobody swaps it under us.
class Folder {
public:
	/// Opens (O_DIRECTORY|O_NOFOLLOW). not_found, untrusted (not a folder, a symlink).
	static Result<Folder> open(const std::string& path);
	/// Does open() and require(): who may write the folder could put another's file in the place of
	/// one that is believed.
	static Result<Folder> trusted(const std::string& path, uid_t owner);

	/// Opens a folder that must be ours alone, and makes it (0755) where it is missing. untrusted
	/// where it is somebody else's or others may write it.
	static Result<Folder> own(const std::string& path);

	[[nodiscard]] int fd() const noexcept { return fd_.get(); }
	[[nodiscard]] const std::string& path() const noexcept { return path_; }
	[[nodiscard]] uid_t owner() const noexcept { return owner_; }
	[[nodiscard]] mode_t mode() const noexcept { return mode_; }

	/// Refuses (untrusted) a folder not owned by `owner` or writable by others; by its group too
	/// unless `group_may_write`.
	[[nodiscard]] Status require(uid_t owner, bool group_may_write = false) const;

	/// Opens a regular file below for reading as Trust says:
	/// O_NOFOLLOW|O_NONBLOCK|O_CLOEXEC|O_NOCTTY, then fstat of the descriptor (regular, one owner,
	/// not writable by group or others, size). Never waits (a FIFO is untrusted). `name` holds no
	/// '/'.
	[[nodiscard]] Result<UniqueFd> open_file(const std::string& name, const Trust& trust) const;

	/// Does open_file and reads the file whole. The error names the path.
	[[nodiscard]] Result<std::string> read(const std::string& name, const Trust& trust) const;

	/// Lists the names below, sorted, without those that begin with '.'.
	[[nodiscard]] Result<std::vector<std::string>> names() const;

private:
	Folder(UniqueFd fd, std::string path, uid_t owner, mode_t mode)
		: fd_(std::move(fd)), path_(std::move(path)), owner_(owner), mode_(mode) {}
	UniqueFd fd_;
	std::string path_;
	uid_t owner_;
	mode_t mode_;
};

/// Reads a trusted file by its path; its last component is opened as in Folder::open_file and is no
/// symlink.
[[nodiscard]] Result<std::string> read_trusted(const std::string& path, const Trust& trust);

/// Whether somebody holds an open-file-description lock for writing on the file (F_OFD_GETLK: takes
/// nothing; the kernel frees such a lock however its holder ends). false where there is no such
/// file.
[[nodiscard]] bool is_locked(const std::string& path);

/// An exclusive flock on a file below the folder (made 0600 and the folder owner's if missing),
/// held until destroyed. Waits at most `wait_ms`, then busy. Its holder may remove the file.
class FileLock {
public:
	static Result<FileLock> take(const Folder& folder, const std::string& name, int wait_ms = 5000);
	[[nodiscard]] int fd() const noexcept { return fd_.get(); }

private:
	explicit FileLock(UniqueFd fd) : fd_(std::move(fd)) {}
	UniqueFd fd_;
};

/// Reads from a descriptor to its end and hands on each part; at most `max` bytes (too_large past
/// that: a file may grow after it was judged). EINTR is repeated. Our own copy of what was read is
/// wiped.
[[nodiscard]] Status read_parts(
	int fd, std::size_t max, const std::function<void(std::string_view part)>& take);
/// Reads the same as one text.
[[nodiscard]] Result<std::string> read_all(int fd, std::size_t max);
/// Writes all of it. EINTR and short writes are repeated.
[[nodiscard]] Status write_all(int fd, std::string_view data);

}    // namespace rassist
