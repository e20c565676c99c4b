// /run/rassist/taken/NAME, section [taken]: the devices that a person of staff asked for last
// (`take`), written by the desk. The list only puts the devices that the person's scope permits
// into an order; no device is permitted by it.
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

/// Reads the list, in which the device that was taken last comes first.
[[nodiscard]] Result<std::vector<Serial>> parse_taken_devices(
	std::string_view text, std::string_view file_name);
[[nodiscard]] std::string format_taken_devices(const std::vector<Serial>& serials);

/// Puts this device first; the list keeps at most kTakenMost.
[[nodiscard]] std::vector<Serial> put_latest_first(
	std::vector<Serial> serials, const Serial& latest);

/// Reads what the person took. The list is empty where nothing was taken or the record cannot be
/// read.
[[nodiscard]] std::vector<Serial> read_taken_devices(const Paths& paths, const std::string& person);

}    // namespace rassist
