#include "common/system/files_write.hpp"

#include "common/base/path_parts.hpp"
#include "common/base/system_call.hpp"
#include "common/system/files.hpp"
#include "common/system/listing.hpp"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <utility>

namespace rassist {
namespace {

/// A name in a folder that goes away with its owner, whatever happened in between.
class TemporaryName {
public:
	TemporaryName(int folder, std::string name) : folder_(folder), name_(std::move(name)) {}
	TemporaryName(const TemporaryName&) = delete;
	TemporaryName& operator=(const TemporaryName&) = delete;
	~TemporaryName() {
		if (!name_.empty())
			::unlinkat(folder_, name_.c_str(), 0);
	}
	[[nodiscard]] const char* c_str() const noexcept { return name_.c_str(); }
	void gone() noexcept { name_.clear(); }

private:
	int folder_;
	std::string name_;
};

/// -1 leaves owner or group as it is, fchown(2).
Status give(int fd, std::optional<uid_t> owner, std::optional<gid_t> group, mode_t mode) {
	if ((owner || group) && ::fchown(fd, owner.value_or(static_cast<uid_t>(-1)),
								group.value_or(static_cast<gid_t>(-1))) != 0)
		return os_error(errno, "change of owner");
	if (::fchmod(fd, mode) != 0)    // after fchown, which takes set-id bits away
		return os_error(errno, "change of mode");
	return Done{};
}

Status fill(int fd, std::string_view content, const Attributes& attributes) {
	if (Status given = give(fd, attributes.owner, attributes.group, attributes.mode); !given)
		return given;
	if (Status written = write_all(fd, content); !written)
		return written;
	if (attributes.durable && uninterrupted([&] { return ::fsync(fd); }) != 0)
		return os_error(errno, "fsync");
	return Done{};
}

Status sync_folder(int fd) {
	// EINVAL: a file system that has nothing to sync
	if (uninterrupted([&] { return ::fsync(fd); }) != 0 && errno != EINVAL)
		return os_error(errno, "fsync of the folder");
	return Done{};
}

}    // namespace

std::string make_temporary_name() {
	std::array<unsigned char, 8> bytes{};
	if (uninterrupted([&] { return ::getrandom(bytes.data(), bytes.size(), 0); }) !=
		static_cast<ssize_t>(bytes.size()))
		throw std::runtime_error("getrandom gave nothing");
	std::string name = ".tmp.";
	for (const unsigned char byte : bytes) {
		name += "0123456789abcdef"[byte >> 4];
		name += "0123456789abcdef"[byte & 15];
	}
	return name;
}

Status write_file(const Folder& folder, const std::string& name, std::string_view content,
	const Attributes& attributes) {
	if (Status plain = require_plain_name(name); !plain)
		return plain.error().within(folder.path());
	const std::string path = folder.path() + "/" + name;
	const std::string temporary = make_temporary_name();
	UniqueFd fd(uninterrupted([&] {
		return ::openat(folder.fd(), temporary.c_str(),
			O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	}));
	if (!fd)
		return os_error(errno, path);
	TemporaryName guard(folder.fd(), temporary);
	if (Status filled = fill(fd.get(), content, attributes); !filled)
		return filled.error().within(path);
	fd.reset();
	if (attributes.replace) {
		if (::renameat(folder.fd(), guard.c_str(), folder.fd(), name.c_str()) != 0)
			return os_error(errno, path);
		guard.gone();
	} else if (::linkat(folder.fd(), guard.c_str(), folder.fd(), name.c_str(), 0) != 0) {
		return os_error(errno, path);
	}
	if (!attributes.durable)
		return Done{};
	Status synced = sync_folder(folder.fd());
	if (!synced && !attributes.replace)
		::unlinkat(folder.fd(), name.c_str(), 0);
	return synced ? Status(Done{}) : Status(synced.error().within(path));
}

Status write_file(const std::string& path, std::string_view content, const Attributes& attributes) {
	const Result<PathParts> place = split_path(path);
	if (!place)
		return place.error();
	const Result<Folder> folder = Folder::open(place->folder);
	return folder ? write_file(*folder, place->name, content, attributes) : Status(folder.error());
}

Status remove_file(const Folder& folder, const std::string& name) {
	if (Status plain = require_plain_name(name); !plain)
		return plain.error().within(folder.path());
	if (::unlinkat(folder.fd(), name.c_str(), 0) != 0 && errno != ENOENT)
		return os_error(errno, folder.path() + "/" + name);
	return Done{};
}

Status remove_file(const std::string& path) {
	if (::unlink(path.c_str()) != 0 && errno != ENOENT)
		return os_error(errno, path);
	return Done{};
}

Status make_folder(
	const std::string& path, mode_t mode, std::optional<uid_t> owner, std::optional<gid_t> group) {
	if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
		return os_error(errno, path);
	const Result<Folder> folder = Folder::open(path);
	if (!folder)
		return folder.error();
	const Status given = give(folder->fd(), owner, group, mode);
	return given ? given : Status(given.error().within(path));
}

Result<Folder> Folder::own(const std::string& path) {
	auto folder = trusted(path, geteuid());
	if (folder || folder.error().code != Fault::not_found)
		return folder;
	if (const auto made = make_folder(path, 0755); !made)
		return made.error();
	return trusted(path, geteuid());
}

}    // namespace rassist
