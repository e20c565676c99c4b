// A file descriptor that is closed once, by its owner.
#pragma once

#include <utility>

namespace rassist {

class UniqueFd {
public:
	UniqueFd() noexcept = default;
	explicit UniqueFd(int fd) noexcept : fd_(fd) {}
	UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
	UniqueFd& operator=(UniqueFd&& other) noexcept;
	UniqueFd(const UniqueFd&) = delete;
	UniqueFd& operator=(const UniqueFd&) = delete;
	~UniqueFd() { reset(); }

	[[nodiscard]] int get() const noexcept { return fd_; }
	[[nodiscard]] bool valid() const noexcept { return fd_ >= 0; }
	explicit operator bool() const noexcept { return valid(); }
	[[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }
	void reset() noexcept;    ///< closes; EINTR is not repeated (close(2), Linux)

private:
	int fd_ = -1;
};

}    // namespace rassist
