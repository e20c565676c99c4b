// Windows that the relay's admin has revoked: /var/lib/rassist/revoked/WINDOW-ID, section
// [revoked], root's. Such a window's tunnel key counts for nothing and it does not enrol again; the
// device's next window may. The record is a deny: one that is there and cannot be read denies, too.
#pragma once

#include "common/base/parse.hpp"
#include "common/base/paths.hpp"
#include "common/base/result.hpp"
#include "common/system/clock.hpp"
#include "common/system/files.hpp"

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace rassist {

struct RevokedWindow {
	Id window;
	Serial serial;
	std::int64_t issued = 0;     ///< UTC seconds
	std::int64_t expires = 0;    ///< from then on the record may go: no window lasts that long
};

[[nodiscard]] Result<RevokedWindow> parse_revoked_window(
	std::string_view text, std::string_view file_name);
[[nodiscard]] std::string format_revoked_window(const RevokedWindow& revoked);

/// Reads the record of this name in revoked/. not_found where there is none; untrusted where it is
/// not root's.
[[nodiscard]] Result<RevokedWindow> read_revoked_window(
	const Folder& folder, const std::string& name, uid_t root = 0);

/// Whether the window is revoked at this moment. On an error nobody can tell, so the caller must
/// not let it in.
[[nodiscard]] Result<bool> is_window_revoked(
	const Paths& paths, const Id& window, const Now& now, uid_t root = 0);

}    // namespace rassist
