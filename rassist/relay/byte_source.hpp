// Reads a file byte by byte and counts its lines, for the readers of CSV and JSON.
#pragma once

#include "common/base/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace rassist::cli {

class ByteSource {
public:
	/// Reads from here on; the descriptor stays the caller's.
	explicit ByteSource(int fd) : fd_(fd) {}
	ByteSource(const ByteSource&) = delete;
	ByteSource& operator=(const ByteSource&) = delete;

	/// The next byte; kEnd past the last one, and after a failure.
	[[nodiscard]] int peek();
	int take();
	static constexpr int kEnd = -1;

	/// The line of the next byte, counted from 1.
	[[nodiscard]] std::size_t line() const noexcept { return line_; }
	[[nodiscard]] std::uint64_t taken() const noexcept { return taken_; }    ///< bytes
	/// Why the bytes ended, where that was not the end of the file.
	[[nodiscard]] const Status& status() const noexcept { return status_; }

private:
	int fd_;
	std::array<char, 65536> buffer_{};
	std::size_t at_ = 0;
	std::size_t size_ = 0;
	std::size_t line_ = 1;
	std::uint64_t taken_ = 0;
	bool ended_ = false;
	Status status_ = Done{};
};

}    // namespace rassist::cli
