#include "rassist/frame/progress.hpp"

#include <algorithm>
#include <ostream>

namespace rassist::cli {

namespace {

constexpr std::uint64_t kWidth = 30;

}    // namespace

Progress::~Progress() {
	if (drawn_)
		out_ << "\r\033[K" << std::flush;
}

void Progress::done(std::uint64_t count) {
	if (!shown_)
		return;
	const auto now = std::chrono::steady_clock::now();
	if (now < next_)
		return;
	next_ = now + std::chrono::milliseconds(100);
	drawn_ = true;
	if (total_ == 0) {
		out_ << "\r" << what_ << " " << count << "\033[K" << std::flush;
		return;
	}
	const std::uint64_t part = std::min(count, total_);
	const auto filled = static_cast<std::size_t>(part * kWidth / total_);
	out_ << "\r" << what_ << " [" << std::string(filled, '#') << std::string(kWidth - filled, '.')
		 << "] " << part * 100 / total_ << " %\033[K" << std::flush;
}

}    // namespace rassist::cli
