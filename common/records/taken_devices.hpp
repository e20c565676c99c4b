// /run/rassist/taken/NAME, section [taken]: the devices that a person of staff asked for last
// (`take`), written by the desk. It orders what the scope permits and permits nothing itself.
#pragma once

#include "common/base/parse.hpp"
#include "common/base/paths.hpp"
#include "common/base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rassist {

inline constexpr std::size_t kTakenMost = 20;

/// The latest first.
[[nodiscard]] Result<std::vector<Serial>> parse_taken_devices(
	std::string_view text, std::string_view file_name);
[[nodiscard]] std::string format_taken_devices(const std::vector<Serial>& serials);

/// With this one as the latest, at most kTakenMost.
[[nodiscard]] std::vector<Serial> with_latest(std::vector<Serial> serials, const Serial& latest);

/// What the person took. Empty where nothing was taken, or the record is not to be read.
[[nodiscard]] std::vector<Serial> read_taken_devices(const Paths& paths, const std::string& person);

}    // namespace rassist
