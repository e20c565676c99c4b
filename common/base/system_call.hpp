// System calls that a signal interrupts are repeated here, and nowhere else.
#pragma once

#include <cerrno>

namespace rassist {

/// Repeats a system call that a signal interrupted.
template <class Call> auto uninterrupted(Call call) {
	auto result = call();
	while (result == -1 && errno == EINTR)
		result = call();
	return result;
}

}    // namespace rassist
