// A folder of a test's own, gone with it.
#pragma once

#include "common/system/files.hpp"
#include "common/system/files_write.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

namespace rassist::test {

class TemporaryFolder {
public:
	TemporaryFolder() : path_("/tmp/rassist-unit.XXXXXX") {
		if (mkdtemp(path_.data()) == nullptr)
			throw std::runtime_error("mkdtemp");
	}
	TemporaryFolder(const TemporaryFolder&) = delete;
	TemporaryFolder& operator=(const TemporaryFolder&) = delete;
	~TemporaryFolder() { static_cast<void>(remove_tree(path_)); }

	[[nodiscard]] const std::string& path() const noexcept { return path_; }
	[[nodiscard]] std::string operator/(std::string_view name) const {
		return path_ + "/" + std::string(name);
	}

private:
	std::string path_;
};

/// A file as somebody with an editor would leave it: no care at all.
inline void spill(const std::string& path, std::string_view content, mode_t mode = 0644) {
	std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
	if (chmod(path.c_str(), mode) != 0)
		throw std::runtime_error("chmod " + path);
}

inline void make(const std::string& folder, mode_t mode = 0755) {
	if (mkdir(folder.c_str(), 0700) != 0 || chmod(folder.c_str(), mode) != 0)
		throw std::runtime_error("mkdir " + folder);
}

inline std::string contents(const std::string& path) {
	std::ifstream file(path, std::ios::binary);
	return {std::istreambuf_iterator<char>(file), {}};
}

inline bool is_there(const std::string& path) {
	struct stat file {};
	return lstat(path.c_str(), &file) == 0;
}

}    // namespace rassist::test
