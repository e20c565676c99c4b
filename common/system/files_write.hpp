// Files that others must be able to trust: written whole or not at all, and removed for good.
#pragma once

#include "common/base/result.hpp"
#include "common/system/files.hpp"

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

namespace rassist {

/// How a file we write shall look.
struct Attributes {
	mode_t mode = 0644;
	std::optional<uid_t> owner;    ///< set before the file gets its name
	std::optional<gid_t> group;
	/// false: exists where the name is taken (link(2), no window for two winners)
	bool replace = true;
	bool durable = true;    ///< fsync of file and folder; false on tmpfs, where it says nothing
};

/// Writes all or nothing: a temporary file in the same folder, fsync, rename (or link), fsync of
/// the folder. The umask does not matter. On failure nothing of it is left. A full disk is an io
/// error with os_errno ENOSPC.
[[nodiscard]] Status write_file(const Folder& folder, const std::string& name,
	std::string_view content, const Attributes& attributes);
[[nodiscard]] Status write_file(
	const std::string& path, std::string_view content, const Attributes& attributes);

/// Makes a name that nobody guesses, for what gets its own name later: ".tmp." and 16 hexadecimal
/// digits.
[[nodiscard]] std::string make_temporary_name();

/// Removes a file; a missing one is fine.
[[nodiscard]] Status remove_file(const Folder& folder, const std::string& name);
[[nodiscard]] Status remove_file(const std::string& path);

/// Makes a folder with exactly this mode and owner. What is there already must be a folder, and is
/// given both.
[[nodiscard]] Status make_folder(const std::string& path, mode_t mode,
	std::optional<uid_t> owner = {}, std::optional<gid_t> group = {});

/// Removes a tree, and follows no symlink and crosses no mount. A missing one is fine. It goes on
/// past what cannot be removed; the first such is the error.
[[nodiscard]] Status remove_tree(const std::string& path);

}    // namespace rassist
