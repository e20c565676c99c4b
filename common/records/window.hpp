// The device's window as its record says: /run/rassist/window, section [window], 0644 and without a
// secret; the code lies beside it, root's alone.
#pragma once

#include "common/base/lookup.hpp"
#include "common/base/parse.hpp"
#include "common/base/paths.hpp"
#include "common/base/result.hpp"
#include "common/keys/code.hpp"
#include "common/keys/public_key.hpp"
#include "common/system/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rassist {

struct Window {
	Id id;
	Serial serial;
	std::int64_t sequence = 0;    ///< windows ever opened on this device, this one included
	std::int64_t opened = 0;      ///< UTC seconds
	Deadline deadline;
	int revision = 0;    ///< how often it was extended or shortened
	Fingerprint login_key;
	Fingerprint host_key;
};

[[nodiscard]] Result<Window> parse_window(std::string_view text, std::string_view file_name);
[[nodiscard]] std::string format_window(const Window& window);

/// The record, whatever its deadline. nullopt: there is none. An error: one that is there and not
/// believed.
[[nodiscard]] Lookup<Window> read_window(const Paths& paths, uid_t root = 0);
/// The window that is open now. nullopt: none, or its deadline has passed, or it is another boot's.
/// An error: a record that is there and not believed.
[[nodiscard]] Lookup<Window> open_window(const Paths& paths, const Now& now, uid_t root = 0);

/// Root's copy of the code. not_found while closed.
[[nodiscard]] Result<Code> read_window_code(const Paths& paths, uid_t root = 0);

/// Typed codes that were well-formed and wrong in this window. 0 where there is no file; an
/// unreadable one is an error (and the typed way is shut).
inline constexpr int kWrongCodesAllowed = 5;
[[nodiscard]] Result<int> read_wrong_codes(const Paths& paths, uid_t root = 0);
/// Adds one, under a lock, before anything is compared; returns the count with this one.
/// pam_rassist's only write besides sessions.
[[nodiscard]] Result<int> count_wrong_code(const Paths& paths, uid_t root = 0);
/// Takes the one back that was counted in advance: the code was right.
[[nodiscard]] Status uncount_wrong_code(const Paths& paths, uid_t root = 0);

/// The count and its lock, gone: for the end of a window.
[[nodiscard]] Status forget_wrong_codes(const Paths& paths);

}    // namespace rassist
