// Runs short commands to their end.
#pragma once

#include "common/base/result.hpp"
#include "common/system/child.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace rassist {

/// What a command left behind that has ended.
struct Finished {
	int status = 0;
	std::string out;
	std::string err;
};
/// Runs a short command (systemctl, ssh for an enrolment) to its end, with `input` on its stdin,
/// and collects what it prints. Output past `max_output` ends it with too_large.
[[nodiscard]] Result<Finished> run(ChildPlan plan, std::string_view input,
	std::chrono::milliseconds timeout, std::size_t max_output = 64 * 1024);

}    // namespace rassist
