// inotify(7) tells here that a file of some folders changed. That is only a hint to look again:
// what is true is in the files.
#pragma once

#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"
#include "rassist-agent/loop.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace rassist::agent {

class FileWatch {
public:
	struct WatchedFolder {
		std::string path;
		std::string name;    ///< of the file that matters; "" for all
		int topic = 0;       ///< what the handler is given
	};
	/// A folder that is not there yet is tried again whenever something else changed.
	static Result<std::unique_ptr<FileWatch>> open(
		Loop& loop, std::vector<WatchedFolder> folders, std::function<void(int topic)> changed);

private:
	FileWatch(UniqueFd fd, std::vector<WatchedFolder> folders, std::function<void(int)> changed)
		: fd_(std::move(fd)), folders_(std::move(folders)), wanted_(folders_.size(), -1),
		  changed_(std::move(changed)) {}
	void add_missing();
	void read();

	UniqueFd fd_;
	std::vector<WatchedFolder> folders_;
	std::vector<int> wanted_;    // watch descriptor of each folder, -1: not there
	std::function<void(int)> changed_;
	EventSourceHandle source_;
};

}    // namespace rassist::agent
