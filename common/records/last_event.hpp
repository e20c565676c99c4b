// What happened last to a device on the relay, in two small files, section [last]: rassist-tunnel
// writes last/hold/SERIAL (how its tunnel ended, or why it did not come up), rassist-device writes
// last/enroll/SERIAL (its last refusal). They are for people who ask why they cannot get in;
// nothing is decided by them.
#pragma once

#include "common/base/parse.hpp"
#include "common/base/paths.hpp"
#include "common/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rassist {

enum class LastEventKind { hold, enroll };

struct LastEvent {
	std::int64_t at = 0;         ///< UTC seconds
	std::string reason;          ///< one word, as RASSIST_REASON in the journal
	std::string sentence;        ///< one line for people
	std::optional<Id> id;        ///< by which the journal has it
	std::optional<Id> window;    ///< where one was named
};

[[nodiscard]] Result<LastEvent> parse_last_event(std::string_view text, std::string_view file_name);
[[nodiscard]] std::string format_last_event(const LastEvent& last);

/// nullopt: nothing is kept, or what is there is not believed (it must be the folder's owner's).
[[nodiscard]] std::optional<LastEvent> read_last_event(
	const Paths& paths, LastEventKind from, const Serial& serial);
[[nodiscard]] Status write_last_event(
	const Paths& paths, LastEventKind from, const Serial& serial, const LastEvent& last);

}    // namespace rassist
