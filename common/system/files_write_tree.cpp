// The part of files_write.hpp that removes whole trees.
#include "common/base/path_parts.hpp"
#include "common/base/system_call.hpp"
#include "common/system/files_write.hpp"
#include "common/system/listing.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace rassist {
namespace {

/// openat2(2): neither through a symlink nor onto another mount, a bind mount of the same file
/// system included.
UniqueFd open_below(int folder, const char* name) {
	open_how how{};
	how.flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	how.resolve = RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH;
	return UniqueFd(uninterrupted(
		[&] { return static_cast<int>(::syscall(SYS_openat2, folder, name, &how, sizeof(how))); }));
}

/// Empties `top` and goes on past failures; the first is kept. What lies deeper is first moved up
/// into `top`, so neither the stack nor the number of descriptors grows with a tree that somebody
/// made a hundred thousand folders deep.
class Emptying {
public:
	Emptying(int top, std::string path) : top_(top), path_(std::move(path)) {}

	Status run() {
		if (Result<std::vector<std::string>> names = list_folder(top_); names)
			waiting_ = std::move(*names);
		else
			keep(names.error());
		while (!waiting_.empty()) {
			const std::string name = std::move(waiting_.back());
			waiting_.pop_back();
			if (::unlinkat(top_, name.c_str(), 0) == 0 || errno == ENOENT)
				continue;
			if (errno != EISDIR)
				keep(os_error(errno, name));
			else
				flatten(name);
		}
		return first_;
	}

private:
	void keep(const Error& error) {
		if (first_)
			first_ = error.within(path_);
	}

	void flatten(const std::string& name) {
		const UniqueFd folder = open_below(top_, name.c_str());
		if (!folder) {
			keep(os_error(errno, name));
			return;
		}
		const Result<std::vector<std::string>> names = list_folder(folder.get());
		if (!names) {
			keep(names.error().within(name));
			return;
		}
		for (const std::string& child : *names) {
			if (::unlinkat(folder.get(), child.c_str(), 0) == 0 || errno == ENOENT)
				continue;
			const std::string above = make_temporary_name();
			if (errno != EISDIR ||
				::renameat(folder.get(), child.c_str(), top_, above.c_str()) != 0)
				keep(os_error(errno, child).within(name));
			else
				waiting_.push_back(above);
		}
		if (::unlinkat(top_, name.c_str(), AT_REMOVEDIR) != 0 && errno != ENOENT)
			keep(os_error(errno, name));
	}

	int top_;
	std::string path_;
	std::vector<std::string> waiting_;
	Status first_ = Done{};
};

}    // namespace

Status remove_tree(const std::string& path) {
	const Result<PathParts> place = split_path(path);
	if (!place)
		return place.error();
	const Result<Folder> parent = Folder::open(place->folder);
	if (!parent)
		return parent.error().code == Fault::not_found ? Status(Done{}) : Status(parent.error());
	if (Status plain = require_plain_name(place->name); !plain)
		return plain.error().within(path);
	if (::unlinkat(parent->fd(), place->name.c_str(), 0) == 0 || errno == ENOENT)
		return Done{};
	if (errno != EISDIR)
		return os_error(errno, path);
	const UniqueFd top = open_below(parent->fd(), place->name.c_str());
	if (!top)
		return os_error(errno, path);
	if (Status emptied = Emptying(top.get(), path).run(); !emptied)
		return emptied;
	if (::unlinkat(parent->fd(), place->name.c_str(), AT_REMOVEDIR) != 0 && errno != ENOENT)
		return os_error(errno, path);
	return Done{};
}

}    // namespace rassist
