#include "rassist/relay/byte_source.hpp"

#include "common/base/system_call.hpp"

#include <unistd.h>

#include <cerrno>

namespace rassist::cli {

int ByteSource::peek() {
	if (at_ == size_ && !ended_) {
		const ssize_t got =
			uninterrupted([&] { return read(fd_, buffer_.data(), buffer_.size()); });
		if (got < 0)
			status_ = os_error(errno, "read");
		ended_ = got <= 0;
		at_ = 0;
		size_ = ended_ ? 0 : static_cast<std::size_t>(got);
	}
	return at_ == size_ ? kEnd : static_cast<unsigned char>(buffer_[at_]);
}

int ByteSource::take() {
	const int byte = peek();
	if (byte != kEnd) {
		++at_;
		++taken_;
		line_ += byte == '\n' ? 1 : 0;
	}
	return byte;
}

}    // namespace rassist::cli
