#include "window/sweep.hpp"

#include "common/base/system_call.hpp"
#include "common/base/unique_fd.hpp"
#include "common/system/listing.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <stdio.h>    // renameat

namespace rassist::window_unit {
namespace {

constexpr int kDeepest = 64;    // folders held open at once; what lies deeper is moved up first

/// Opens a folder by openat2(2), neither through a symlink nor onto another mount, not even onto a
/// bind mount of the same file system.
UniqueFd open_below(int folder, const std::string& name) {
	open_how how{};
	how.flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NOATIME;
	how.resolve = RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH;
	const auto open = [&] {
		return static_cast<int>(uninterrupted(
			[&] { return ::syscall(SYS_openat2, folder, name.c_str(), &how, sizeof(how)); }));
	};
	int fd = open();
	if (fd < 0 && errno == EPERM) {    // O_NOATIME is for the owner and for root
		how.flags &= ~static_cast<__u64>(O_NOATIME);
		fd = open();
	}
	return UniqueFd(fd);
}

class FolderSweep {
public:
	FolderSweep(int top, std::string path, uid_t uid, uid_t heir)
		: top_(top), path_(std::move(path)), uid_(uid), heir_(heir) {}

	FilesSwept run() {
		do {
			moved_up_ = 0;
			walk(top_, path_, 0);
		} while (moved_up_ > 0);
		return std::move(swept_);
	}

private:
	void leave(const std::string& path, int error) {
		swept_.left.push_back(os_error(error, path).what);
	}

	void walk(int folder, const std::string& path, int depth) {
		const Result<std::vector<std::string>> names = list_folder(folder);
		if (!names) {
			swept_.left.push_back(path + ": " + names.error().what);
			return;
		}
		for (const std::string& name : *names)
			visit(folder, name, std::string(path).append("/").append(name), depth);
	}

	void visit(int folder, const std::string& name, const std::string& path, int depth) {
		struct stat seen {};
		if (::fstatat(folder, name.c_str(), &seen, AT_SYMLINK_NOFOLLOW) != 0)
			return;    // gone by itself
		if (S_ISDIR(seen.st_mode)) {
			visit_folder(folder, name, path, depth);
		} else if (seen.st_uid == uid_) {
			if (::unlinkat(folder, name.c_str(), 0) == 0)
				++swept_.removed;
			else if (errno != ENOENT)
				leave(path, errno);
		}
	}

	/// The folder is judged by its descriptor: the name may be another thing by the time it is
	/// opened.
	void visit_folder(int parent, const std::string& name, const std::string& path, int depth) {
		const UniqueFd folder = open_below(parent, name);
		struct stat seen {};
		if (!folder || ::fstat(folder.get(), &seen) != 0) {
			if (errno != ENOENT && errno != EXDEV && errno != ELOOP && errno != ENOTDIR)
				leave(path, errno);
			return;
		}
		const bool its_own = seen.st_uid == uid_;
		if (depth >= kDeepest) {
			if (its_own)
				move_up(parent, name, path);
			return;
		}
		walk(folder.get(), path, depth + 1);
		if (!its_own)
			return;
		if (::unlinkat(parent, name.c_str(), AT_REMOVEDIR) == 0) {
			++swept_.removed;
			return;
		}
		if (errno == ENOENT)
			return;
		const int error = errno;
		if ((error == ENOTEMPTY || error == EEXIST) && moved_up_ == 0)
			give_away(folder.get(), path, seen.st_mode);
		else if (error != ENOTEMPTY && error != EEXIST)
			leave(path, error);
	}

	/// What is in it belongs to others, and stays theirs.
	void give_away(int folder, const std::string& path, mode_t mode) {
		if (::fchown(folder, heir_, static_cast<gid_t>(-1)) != 0 ||
			::fchmod(folder, mode & 0755) != 0)
			leave(path, errno);
		else
			++swept_.removed;
	}

	/// Moves a folder up to the top, so that neither the stack nor the number of descriptors grows
	/// with a tree that somebody made a hundred thousand folders deep.
	void move_up(int parent, const std::string& name, const std::string& path) {
		const std::string above =
			".rassist-sweep." + std::to_string(::getpid()) + "." + std::to_string(++number_);
		if (::renameat(parent, name.c_str(), top_, above.c_str()) == 0)
			++moved_up_;
		else
			leave(path, errno);
	}

	int top_;
	std::string path_;
	uid_t uid_;
	uid_t heir_;
	int moved_up_ = 0;
	int number_ = 0;
	FilesSwept swept_;
};

}    // namespace

FilesSwept sweep_folder(const std::string& path, uid_t uid, uid_t heir) {
	const UniqueFd top(uninterrupted([&] {
		return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY);
	}));
	if (!top) {
		// a symlink is another name of a folder that has its own line in the plan
		if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP)
			return {};
		return {0, {os_error(errno, path).what}};
	}
	return FolderSweep(top.get(), path, uid, heir).run();
}

}    // namespace rassist::window_unit
