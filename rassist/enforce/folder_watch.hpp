// Waiting for names to come into a folder, or to leave it: inotify(7).
#pragma once

#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace rassist::cli {

/// A name that has come or gone, or word that the kernel kept some from us.
struct FolderEvent {
	std::string name;    ///< "" where the event is of the folder itself
	bool overflow = false;
};

class FolderWatch {
public:
	/// `mask` is inotify_add_watch's. What happens from here on is told.
	static Result<FolderWatch> open(const std::string& path, std::uint32_t mask);

	/// Waits until something has happened or that time has come. An error is one of poll(2).
	[[nodiscard]] Status wait_until(std::chrono::steady_clock::time_point time) const;
	/// Takes what has happened since, in its order; it does not wait.
	[[nodiscard]] std::vector<FolderEvent> take_events() const;

private:
	explicit FolderWatch(UniqueFd events) : events_(std::move(events)) {}
	UniqueFd events_;
};

}    // namespace rassist::cli
