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

/// Reads the record, whether its deadline has passed or not. nullopt: there is none. An error: it
/// is there and not believed.
[[nodiscard]] Lookup<Window> read_window(const Paths& paths, uid_t root = 0);
/// Reads the window that is open now. nullopt: there is none, its deadline has passed, or it is
/// another boot's. An error: the record is there and not believed.
[[nodiscard]] Lookup<Window> find_open_window(const Paths& paths, const Now& now, uid_t root = 0);

/// Reads root's copy of the code. not_found while no window is open.
[[nodiscard]] Result<Code> read_window_code(const Paths& paths, uid_t root = 0);

/// Reads how many well-formed but wrong codes were typed in this window. 0 where there is no file;
/// one that cannot be read is an error (and the typed way is shut).
inline constexpr int kWrongCodesAllowed = 5;
[[nodiscard]] Result<int> read_wrong_codes(const Paths& paths, uid_t root = 0);
/// Adds one, under a lock, before anything is compared, and returns the count with this one.
/// pam_rassist writes nothing else besides sessions.
[[nodiscard]] Result<int> count_wrong_code(const Paths& paths, uid_t root = 0);
/// Takes the one back that was counted in advance: the code was right.
[[nodiscard]] Status uncount_wrong_code(const Paths& paths, uid_t root = 0);

/// Removes the count and its lock, at the end of a window.
[[nodiscard]] Status forget_wrong_codes(const Paths& paths);

}    // namespace rassist
