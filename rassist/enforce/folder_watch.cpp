#include "rassist/enforce/folder_watch.hpp"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace rassist::cli {

Result<FolderWatch> FolderWatch::open(const std::string& path, std::uint32_t mask) {
	UniqueFd events(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
	if (!events || inotify_add_watch(events.get(), path.c_str(), mask) < 0)
		return os_error(errno, path);
	return FolderWatch(std::move(events));
}

Status FolderWatch::wait_until(std::chrono::steady_clock::time_point time) const {
	const auto left =
		std::chrono::ceil<std::chrono::milliseconds>(time - std::chrono::steady_clock::now());
	pollfd ready{events_.get(), POLLIN, 0};
	if (poll(&ready, 1, static_cast<int>(std::max<std::int64_t>(0, left.count()))) < 0 &&
		errno != EINTR)
		return os_error(errno, "poll");
	return Done{};
}

std::vector<FolderEvent> FolderWatch::take_events() const {
	std::vector<FolderEvent> taken;
	alignas(inotify_event) std::array<char, 4096> buffer{};
	ssize_t size = 0;
	while ((size = read(events_.get(), buffer.data(), buffer.size())) > 0) {
		for (std::size_t at = 0; at < static_cast<std::size_t>(size);) {
			inotify_event event{};
			std::memcpy(&event, buffer.data() + at, sizeof event);
			const std::string name = event.len > 0 ? buffer.data() + at + sizeof event : "";
			at += sizeof event + event.len;
			taken.push_back({name, (event.mask & IN_Q_OVERFLOW) != 0});
		}
	}
	return taken;
}

}    // namespace rassist::cli
