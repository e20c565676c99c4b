#include "common/base/unique_fd.hpp"

#include <unistd.h>

#include <cerrno>

namespace rassist {

UniqueFd& UniqueFd::operator=(UniqueFd&& other) noexcept {
	if (this != &other) {
		reset();
		fd_ = std::exchange(other.fd_, -1);
	}
	return *this;
}

void UniqueFd::reset() noexcept {
	if (fd_ < 0)
		return;
	const int saved = errno;    // an error path may close before it reports
	::close(std::exchange(fd_, -1));
	errno = saved;
}

}    // namespace rassist
