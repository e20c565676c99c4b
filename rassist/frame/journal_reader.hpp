// The journal, read back: entries as typed values. The only file (journal_reader.cpp) that knows
// sd-journal; `why` and `history` work on what comes out.
#pragma once

#include "common/base/result.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rassist::cli {

struct JournalEvent {
	std::int64_t at = 0;    ///< UTC, microseconds
	/// MESSAGE, MESSAGE_ID, RASSIST_…, SYSLOG_IDENTIFIER, _PID, _UID, _BOOT_ID
	std::map<std::string, std::string> fields;
	std::string cursor;    ///< names this entry and no other

	/// "" where it has none.
	[[nodiscard]] const std::string& get(const std::string& name) const;
};

struct JournalQuery {
	/// "FIELD=value"; within a group, all fields must match, a field by any of its values; one
	/// group is enough.
	std::vector<std::vector<std::string>> groups;
	bool newest_first = false;
	std::optional<std::int64_t> since{};    ///< UTC, microseconds
	std::optional<std::int64_t> until{};
};

/// Called for each entry in turn; false ends the reading.
using JournalSink = std::function<bool(const JournalEvent&)>;

struct JournalSource {
	std::function<Status(const JournalQuery& query, const JournalSink& sink)> read;
	/// Whether the journal outlives a restart of the machine.
	std::function<bool()> is_kept;
};
/// This machine's journal. Entries count only where the kernel says that root or an account of ours
/// wrote them: anybody may send the fields.
[[nodiscard]] JournalSource machine_journal();

}    // namespace rassist::cli
