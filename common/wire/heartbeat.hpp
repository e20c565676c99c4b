// The lines between `hold` on the relay and the agent on the device, both ways, over the tunnel's
// session channel. At most 200 bytes a line.
//
// The relay says to the device:
//
//   ready 1 interval=5 limit=15 left=3600   the forwards are bound; beat every 5 s, give up after
//                                           15 s of silence
//   beat left=3590
//   twin                                    a second machine with this device's identity has shown
//                                           itself at the relay
//   bye REASON                              its last line: expired, revoked, blocked, displaced,
//                                           silent, move, failed
//
// The device says `beat` to the relay.
//
// Unknown verbs are ignored (later versions), a malformed known one is an error. The peer's text is
// never shown raw.
#pragma once

#include "common/base/result.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rassist {

enum class Bye { failed, expired, revoked, blocked, displaced, silent, move };
[[nodiscard]] std::string_view format_bye(Bye bye);

struct HeartbeatLine {
	enum class Message { unknown, ready, beat, twin, bye };
	Message message = Message::unknown;
	std::chrono::seconds interval{0};    ///< ready: 1 … 60
	std::chrono::seconds limit{0};       ///< ready: 2 … 300
	std::chrono::seconds left{0};        ///< ready, beat from the relay
	Bye bye = Bye::failed;               ///< a reason this version does not know reads as failed
};

[[nodiscard]] Result<HeartbeatLine> parse_line(std::string_view line);
[[nodiscard]] std::string format_line(const HeartbeatLine& line);    ///< with the newline

/// Splits a byte stream into lines; a line past 200 bytes, or one with a control byte, is an error
/// for good.
class HeartbeatReader {
public:
	[[nodiscard]] Status feed(std::string_view bytes);
	[[nodiscard]] std::optional<std::string> next();

private:
	std::string buffer_;
	std::size_t unfinished_ = 0;    // bytes of the line that has not ended yet
	bool broken_ = false;
};

}    // namespace rassist
