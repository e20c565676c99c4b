// The part of process.hpp that reads the clock of processes' starts.
#include "common/system/process.hpp"

#include <unistd.h>

#include <cerrno>
#include <ctime>

namespace rassist {

Result<std::uint64_t> ticks_since_boot() {
	timespec time{};
	const long hertz = ::sysconf(_SC_CLK_TCK);
	if (hertz <= 0 || ::clock_gettime(CLOCK_BOOTTIME, &time) != 0)
		return os_error(errno, "the time since boot");
	constexpr std::uint64_t kNanoseconds = 1'000'000'000;
	const auto ticks = static_cast<std::uint64_t>(hertz);
	return static_cast<std::uint64_t>(time.tv_sec) * ticks +
		   static_cast<std::uint64_t>(time.tv_nsec) / (kNanoseconds / ticks);
}

}    // namespace rassist
