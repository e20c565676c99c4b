// The files that `setup device` and `setup support` write, and take away again.
#pragma once

#include "rassist/frame/context.hpp"

#include <string>
#include <vector>

namespace rassist::cli {

struct SetupFile {
	std::string path;
	std::string text;
};

/// Writes the files in their order, and says so.
[[nodiscard]] Result<int> write_setup_files(
	const Context& context, const std::vector<SetupFile>& files);
/// Takes the files away, and says so.
[[nodiscard]] Result<int> remove_setup_files(
	const Context& context, const std::vector<std::string>& paths);

}    // namespace rassist::cli
