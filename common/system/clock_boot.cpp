// The part of clock.hpp that reads CLOCK_BOOTTIME by itself.
#include "common/system/clock.hpp"

#include <ctime>

namespace rassist {

std::chrono::nanoseconds read_boot_clock() noexcept {
	timespec time{};
	::clock_gettime(CLOCK_BOOTTIME, &time);
	return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

}    // namespace rassist
