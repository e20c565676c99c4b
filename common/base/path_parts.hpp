// A path as the folder that it lies in and its name there.
#pragma once

#include "common/base/result.hpp"

#include <string>

namespace rassist {

struct PathParts {
	std::string folder;
	std::string name;
};

/// "/run/rassist/window" is "/run/rassist" and "window"; a path without a '/' lies in ".". invalid:
/// no name stands at its end.
[[nodiscard]] Result<PathParts> split_path(const std::string& path);

}    // namespace rassist
