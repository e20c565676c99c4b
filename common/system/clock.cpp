#include "common/system/clock.hpp"

#include "common/base/parse.hpp"
#include "common/base/system_call.hpp"
#include "common/system/files.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <ctime>

namespace rassist {
namespace {

constexpr const char* kBootId = "/proc/sys/kernel/random/boot_id";

Result<std::chrono::nanoseconds> read_clock(clockid_t clock) {
	timespec time{};
	if (::clock_gettime(clock, &time) != 0) {
		Error error = os_error(errno, "clock_gettime");
		error.code = Fault::unavailable;
		return error;
	}
	return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

Result<std::string> read_boot_id() {
	const UniqueFd fd(
		uninterrupted([] { return ::open(kBootId, O_RDONLY | O_CLOEXEC | O_NOCTTY); }));
	if (!fd) {
		Error error = os_error(errno, kBootId);
		error.code = Fault::unavailable;
		return error;
	}
	const Result<std::string> text = read_all(fd.get(), 64);
	if (!text)
		return text.error().within(kBootId);
	std::string id(trimmed(*text));
	if (id.empty())
		return Error{Fault::unavailable, std::string(kBootId) + ": empty"};
	return id;
}

}    // namespace

Result<Now> read_clocks() {
	const auto wall = read_clock(CLOCK_REALTIME);
	if (!wall)
		return wall.error();
	const auto boot = read_clock(CLOCK_BOOTTIME);
	if (!boot)
		return boot.error();
	Result<std::string> boot_id = read_boot_id();
	if (!boot_id)
		return std::move(boot_id).error();
	return Now{std::chrono::floor<std::chrono::seconds>(*wall).count(),
		std::chrono::floor<std::chrono::seconds>(*boot).count(), std::move(*boot_id)};
}

Deadline Deadline::after(std::chrono::seconds duration, const Now& now) {
	return Deadline{now.wall + duration.count(), Boot{now.boot + duration.count(), now.boot_id}};
}

std::chrono::seconds Deadline::remaining(const Now& now) const {
	std::int64_t left = wall - now.wall;
	if (boot) {
		if (boot->id != now.boot_id)
			return std::chrono::seconds(0);
		left = std::min(left, boot->at - now.boot);
	}
	return std::chrono::seconds(std::max<std::int64_t>(left, 0));
}

}    // namespace rassist
