// The window as systemd sees it: what ExecStart, ExecReload and ExecStopPost of
// rassist-agent.service do, and the sweep at boot.
#pragma once

#include "common/base/lookup.hpp"
#include "common/base/paths.hpp"
#include "common/base/result.hpp"
#include "common/keys/derive.hpp"
#include "common/keys/private_key.hpp"
#include "common/records/config.hpp"
#include "common/records/grant.hpp"
#include "common/records/window.hpp"
#include "common/records/window_request.hpp"
#include "common/system/files_write.hpp"
#include "window/window_host.hpp"

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rassist::window_unit {

inline constexpr const char* kProgram = "rassist-window";    ///< SYSLOG_IDENTIFIER

/// The account that support logs in to.
struct AssistAccount {
	uid_t uid = 0;
	gid_t gid = 0;
};

/// How a close went: it does all it can, and tells what it could not.
struct CloseReport {
	std::vector<std::string> troubles;    ///< what failed or is still there, one sentence part each
	SweepReport swept;
};

class WindowUnit {
public:
	/// `root` is the uid that stands for root in the files that are read (tests have their own).
	WindowUnit(Paths paths, AssistAccount assist, WindowHost& host, uid_t root = 0);

	/// Opens a window, of the requested length where there is a fresh request, else of the
	/// configured one. Nothing lets anybody in before the deadline's timer runs, and after a
	/// failure nothing is left. too_large: the length is over the configured one; unsupported: FIPS
	/// mode; the other failures are those of configuration, request or disk.
	[[nodiscard]] Result<Window> open();
	/// Extends or shortens the open window as the request says; without a request nothing changes.
	/// expired: no window is open.
	[[nodiscard]] Result<Window> reload();
	/// Ends the window, from any state and any number of times: first all that lets somebody in,
	/// then what the account left behind.
	[[nodiscard]] CloseReport close();
	/// Sweeps what a window left that ended without a close: by a power cut, or because its close
	/// was killed. busy while PID 1 has a window open.
	[[nodiscard]] Result<CloseReport> sweep();

private:
	[[nodiscard]] Lookup<std::chrono::seconds> take_requested_length(
		WindowRequest::Change verb, const Config& config, const Now& now);
	[[nodiscard]] Result<Window> open_new(
		const Config& config, std::chrono::seconds length, const Now& now);
	[[nodiscard]] Status let_in(
		const Window& window, const Code& code, const WindowKeys& keys, const Config& config);
	[[nodiscard]] Result<Window> change_end(
		const Window& former, std::chrono::seconds length, const Config& config, const Now& now);
	[[nodiscard]] Status make_home();
	[[nodiscard]] Status put_end(const Window& window, Grant grant, const Config& config);
	[[nodiscard]] Status write_record(const Window& window) const;
	[[nodiscard]] Status write_sudo_right(const Window& window, const Config& config) const;
	[[nodiscard]] CloseReport end_window();

	Paths paths_;
	AssistAccount assist_;
	WindowHost& host_;
	uid_t root_;
};

/// The configuration for a window. One with which nobody could ever be reached is refused: no
/// serial, no relay.
[[nodiscard]] Result<Config> load_window_config(const Paths& paths, uid_t root);

/// /run is a tmpfs, on which fsync says nothing: what lies there is written without it.
inline constexpr bool kInMemory = false;
/// The attributes of a file that replaces the former one.
[[nodiscard]] Attributes with_mode(mode_t mode, bool durable);

/// Stores durably one more than the number in state/sequence, and returns it. A damaged file is
/// refused.
[[nodiscard]] Result<std::int64_t> take_next_sequence(const Paths& paths, uid_t root);

/// A journal entry about a window, with its fields.
[[nodiscard]] JournalEntry entry_about(
	const Window& window, std::string_view message_id, const std::string& sentence);

}    // namespace rassist::window_unit
