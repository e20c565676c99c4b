// What is in a folder, and which names may be asked for in one.
#pragma once

#include "common/base/result.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace rassist {

/// Lists every name in the folder, in no order: dot files too, but not "." and "..". The
/// descriptor's own place in a listing is not touched.
[[nodiscard]] Result<std::vector<std::string>> list_folder(int folder);

/// Calls for one name after the other for as long as the answer is true: a folder may hold a
/// million.
[[nodiscard]] Status for_each_name(
	int folder, const std::function<bool(std::string_view name)>& call);

/// Refuses (invalid) what would leave the folder or is no name: "", ".", "..", anything with '/' or
/// NUL.
[[nodiscard]] Status require_plain_name(std::string_view name);

}    // namespace rassist
