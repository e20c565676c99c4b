// The part of process.hpp that reads the clock of processes' starts.
#include "common/system/clock.hpp"
#include "common/system/process.hpp"

#include <unistd.h>

#include <cerrno>

namespace rassist {

Result<std::uint64_t> read_ticks_since_boot() {
	const long hertz = ::sysconf(_SC_CLK_TCK);
	if (hertz <= 0)
		return os_error(errno, "the time since boot");
	const auto time = read_boot_clock();
	const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
	constexpr std::uint64_t kNanoseconds = 1'000'000'000;
	const auto ticks = static_cast<std::uint64_t>(hertz);
	return static_cast<std::uint64_t>(seconds.count()) * ticks +
		   static_cast<std::uint64_t>((time - seconds).count()) / (kNanoseconds / ticks);
}

}    // namespace rassist
