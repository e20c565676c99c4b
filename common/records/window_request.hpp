// What `rassist open --for` and `rassist extend --for` ask of the window's unit:
// /run/rassist/request, section [request], 0600 root. The command writes it and then has systemd
// start or reload rassist-agent.service, which takes it. It is good for one minute, so that a
// forgotten one never sets a later window's length.
#pragma once

#include "common/base/lookup.hpp"
#include "common/base/paths.hpp"
#include "common/base/result.hpp"
#include "common/system/clock.hpp"

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rassist {

inline constexpr std::chrono::seconds kRequestLife{60};

struct WindowRequest {
	enum class Change { open, extend };
	Change change = Change::open;
	/// how long the window shall last from now on: 1 s … 30 d; the config's window-max is the
	/// unit's business
	std::chrono::seconds length{0};
	std::int64_t boot = 0;    ///< CLOCK_BOOTTIME when it was written, seconds
};

[[nodiscard]] std::string_view format_request_change(WindowRequest::Change verb);
[[nodiscard]] Result<WindowRequest> parse_window_request(
	std::string_view text, std::string_view file_name);
[[nodiscard]] std::string format_window_request(const WindowRequest& request);

/// Writes a request, for the command line; an older one is replaced.
[[nodiscard]] Status write_window_request(
	const Paths& paths, WindowRequest::Change verb, std::chrono::seconds length, const Now& now);

/// Takes the request, for the window's unit: it is gone from the folder afterwards, whatever it
/// was. nullopt: there was none, it was older than kRequestLife, or it was for another verb. An
/// error: it was there and not believed (owner, mode, text).
[[nodiscard]] Lookup<WindowRequest> take_window_request(
	const Paths& paths, WindowRequest::Change verb, const Now& now, uid_t root = 0);

}    // namespace rassist
