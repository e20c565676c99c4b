#include "common/system/files.hpp"

#include "common/base/system_call.hpp"
#include "common/system/listing.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace rassist {
namespace {

std::string octal(mode_t mode) {
	std::string digits = "0000";
	for (std::size_t i = 4; i-- > 0; mode >>= 3)
		digits[i] = static_cast<char>('0' + (mode & 7));
	return digits;
}

Status judge(const struct stat& file, const Trust& trust, const std::string& path) {
	if (!S_ISREG(file.st_mode))
		return Error{Fault::untrusted, path + ": not a regular file"};
	if (file.st_uid != trust.owner) {
		return Error{Fault::untrusted, path + ": belongs to uid " + std::to_string(file.st_uid) +
										   ", must belong to uid " + std::to_string(trust.owner)};
	}
	if ((file.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return Error{Fault::untrusted,
			path + ": mode " + octal(file.st_mode) + ", must not be writable by group or others"};
	if (trust.secret && (file.st_mode & (S_IRGRP | S_IROTH)) != 0)
		return Error{Fault::untrusted,
			path + ": mode " + octal(file.st_mode) + ", must not be readable by group or others"};
	if (file.st_size < 0 || static_cast<std::uintmax_t>(file.st_size) > trust.max_size) {
		return Error{Fault::too_large, path + ": " + std::to_string(file.st_size) +
										   " bytes, at most " + std::to_string(trust.max_size) +
										   " are read"};
	}
	return Done{};
}

Result<UniqueFd> open_trusted(
	int folder, const std::string& name, const std::string& path, const Trust& trust) {
	// O_NONBLOCK: open(2) of a FIFO without a writer hangs otherwise.
	UniqueFd fd(uninterrupted([&] {
		return ::openat(
			folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	}));
	if (!fd) {
		if (errno == ELOOP)
			return Error{
				Fault::untrusted, path + ": a symbolic link, must be a regular file", ELOOP};
		if (errno == ENXIO || errno == ENODEV)
			return Error{Fault::untrusted, path + ": not a regular file", errno};
		return os_error(errno, path);
	}
	struct stat file {};
	if (::fstat(fd.get(), &file) != 0)
		return os_error(errno, path);
	if (Status judged = judge(file, trust, path); !judged)
		return std::move(judged).error();
	return fd;
}

Result<std::string> read_text(Result<UniqueFd> fd, const std::string& path, std::size_t max) {
	if (!fd)
		return std::move(fd).error();
	Result<std::string> text = read_all(fd->get(), max);
	return text ? std::move(text) : Result<std::string>(text.error().within(path));
}

}    // namespace

Result<Folder> Folder::open(const std::string& path) {
	UniqueFd fd(uninterrupted([&] {
		return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	}));
	if (!fd) {
		if (errno == ENOTDIR || errno == ELOOP)
			return Error{Fault::untrusted, path + ": not a folder", errno};
		return os_error(errno, path);
	}
	struct stat folder {};
	if (::fstat(fd.get(), &folder) != 0)
		return os_error(errno, path);
	return Folder(std::move(fd), path, folder.st_uid, folder.st_mode & 07777);
}

Result<Folder> Folder::trusted(const std::string& path, uid_t owner) {
	auto folder = open(path);
	if (folder)
		if (const auto believed = folder->require(owner); !believed)
			return believed.error();
	return folder;
}

Status Folder::require(uid_t owner, bool group_may_write) const {
	if (owner_ != owner)
		return Error{Fault::untrusted, path_ + ": belongs to uid " + std::to_string(owner_) +
										   ", must belong to uid " + std::to_string(owner)};
	if ((mode_ & S_IWOTH) != 0 || (!group_may_write && (mode_ & S_IWGRP) != 0)) {
		return Error{
			Fault::untrusted, path_ + ": mode " + octal(mode_) +
								  (group_may_write ? ", must not be writable by others"
												   : ", must not be writable by group or others")};
	}
	return Done{};
}

Result<UniqueFd> Folder::open_file(const std::string& name, const Trust& trust) const {
	if (Status plain = require_plain_name(name); !plain)
		return plain.error().within(path_);
	return open_trusted(fd_.get(), name, path_ + "/" + name, trust);
}

Result<std::string> Folder::read(const std::string& name, const Trust& trust) const {
	return read_text(open_file(name, trust), path_ + "/" + name, trust.max_size);
}

Result<std::vector<std::string>> Folder::names() const {
	Result<std::vector<std::string>> names = list_folder(fd_.get());
	if (!names)
		return names.error().within(path_);
	std::erase_if(*names, [](const std::string& name) { return name.front() == '.'; });
	std::sort(names->begin(), names->end());
	return names;
}

Result<std::string> read_trusted(const std::string& path, const Trust& trust) {
	return read_text(open_trusted(AT_FDCWD, path, path, trust), path, trust.max_size);
}

Status read_parts(int fd, std::size_t max, const std::function<void(std::string_view part)>& take) {
	// NOLINT(cppcoreguidelines-pro-type-member-init): filled by read
	std::array<char, 4096> buffer;
	Status status = Done{};
	for (std::size_t total = 0;;) {
		const ssize_t got = uninterrupted([&] { return ::read(fd, buffer.data(), buffer.size()); });
		if (got < 0)
			status = os_error(errno, "read");
		if (got <= 0)
			break;
		total += static_cast<std::size_t>(got);
		if (total > max) {
			status = Error{Fault::too_large, "more than " + std::to_string(max) + " bytes"};
			break;
		}
		take(std::string_view(buffer.data(), static_cast<std::size_t>(got)));
	}
	::explicit_bzero(buffer.data(), buffer.size());
	return status;
}

Result<std::string> read_all(int fd, std::size_t max) {
	std::string text;
	if (Status read = read_parts(fd, max, [&](std::string_view part) { text += part; }); !read)
		return std::move(read).error();
	return text;
}

Status write_all(int fd, std::string_view data) {
	while (!data.empty()) {
		const ssize_t put = uninterrupted([&] { return ::write(fd, data.data(), data.size()); });
		if (put < 0)
			return os_error(errno, "write");
		data.remove_prefix(static_cast<std::size_t>(put));
	}
	return Done{};
}

bool is_locked(const std::string& path) {
	const UniqueFd file(
		::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
	struct flock lock {};
	lock.l_type = F_WRLCK;
	lock.l_whence = SEEK_SET;
	return file && ::fcntl(file.get(), F_OFD_GETLK, &lock) == 0 && lock.l_type == F_WRLCK;
}

}    // namespace rassist
