// Files that hold a secret: what is read of them is wiped once it is no longer needed.
#pragma once

#include "common/base/result.hpp"
#include "common/base/secret.hpp"
#include "common/system/files.hpp"

#include <string>

namespace rassist {

/// Does Folder::open_file and reads the file whole. The error names the path.
[[nodiscard]] Result<Secret> read_secret(
	const Folder& folder, const std::string& name, const Trust& trust);

}    // namespace rassist
