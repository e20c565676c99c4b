// A short command, run to its end.
#pragma once

#include "common/base/result.hpp"
#include "common/system/child.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace rassist {

/// Run to the end with input on stdin, and collect: for short commands (systemctl, ssh for an
/// enrolment). Output past `max_output` ends it with too_large.
struct Finished {
	int status = 0;
	std::string out;
	std::string err;
};
[[nodiscard]] Result<Finished> run(ChildPlan plan, std::string_view input,
	std::chrono::milliseconds timeout, std::size_t max_output = 64 * 1024);

}    // namespace rassist
