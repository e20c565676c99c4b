#include "rassist-agent/file_watch.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <set>

namespace rassist::agent {
namespace {

constexpr std::uint32_t kChanges =
	IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ATTRIB | IN_ONLYDIR;

}    // namespace

Result<std::unique_ptr<FileWatch>> FileWatch::open(
	Loop& loop, std::vector<WatchedFolder> folders, std::function<void(int topic)> changed) {
	UniqueFd fd(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
	if (!fd)
		return os_error(errno, "inotify");
	std::unique_ptr<FileWatch> watch(
		new FileWatch(std::move(fd), std::move(folders), std::move(changed)));
	watch->add_missing();
	auto source = loop.on_readable(watch->fd_.get(), [raw = watch.get()] { raw->read(); });
	if (!source)
		return source.error();
	watch->source_ = std::move(*source);
	return watch;
}

void FileWatch::add_missing() {
	for (std::size_t i = 0; i < folders_.size(); ++i) {
		if (wanted_[i] < 0)
			wanted_[i] =
				::inotify_add_watch(fd_.get(), folders_[i].path.c_str(), kChanges | IN_MASK_ADD);
	}
}

void FileWatch::read() {
	alignas(inotify_event) std::array<char, 4096> buffer{};
	std::set<int> topics;
	for (;;) {
		const ssize_t got = ::read(fd_.get(), buffer.data(), buffer.size());
		if (got <= 0)
			break;
		for (std::size_t at = 0; at + sizeof(inotify_event) <= static_cast<std::size_t>(got);) {
			inotify_event event{};
			std::memcpy(&event, buffer.data() + at, sizeof(event));
			const std::string name =
				event.len > 0 ? std::string(buffer.data() + at + sizeof(event)) : std::string();
			at += sizeof(event) + event.len;
			for (std::size_t i = 0; i < folders_.size(); ++i) {
				const bool lost = (event.mask & IN_Q_OVERFLOW) != 0;
				if (!lost && event.wd != wanted_[i])
					continue;
				if ((event.mask & IN_IGNORED) != 0)    // the folder itself is gone
					wanted_[i] = -1;
				if (lost || folders_[i].name.empty() || folders_[i].name == name || name.empty())
					topics.insert(folders_[i].topic);
			}
		}
	}
	add_missing();
	for (const int topic : topics)
		changed_(topic);
}

}    // namespace rassist::agent
