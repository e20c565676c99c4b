// Reads the journal back, its entries as typed values. journal_reader.cpp is the only file that
// knows sd-journal; `why` and `history` work on what comes out.
#pragma once

#include "common/base/result.hpp"

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rassist::cli {

struct JournalEvent {
	std::int64_t at = 0;    ///< UTC, microseconds
	/// The fields MESSAGE, MESSAGE_ID, PRIORITY, RASSIST_…, SYSLOG_IDENTIFIER, _PID, _UID and
	/// _BOOT_ID, so far as the entry has them.
	std::map<std::string, std::string> fields;
	std::string cursor;    ///< it names this entry and no other

	[[nodiscard]] std::int64_t seconds() const { return at / 1'000'000; }    ///< UTC
	/// The value of a field, "" where there is none.
	[[nodiscard]] const std::string& get(const std::string& name) const;
};

struct JournalQuery {
	/// Words "FIELD=value". Within a group all fields must match, a field by any of its values;
	/// one group that matches is enough.
	std::vector<std::vector<std::string>> groups;
	bool newest_first = false;
	std::optional<std::int64_t> since{};    ///< UTC, microseconds
	std::optional<std::int64_t> until{};
};

/// A group of a query: entries with any of these message ids.
[[nodiscard]] std::vector<std::string> match_message_ids(
	std::initializer_list<std::string_view> ids);

/// It is called for each entry in turn; false ends the reading.
using JournalSink = std::function<bool(const JournalEvent&)>;

struct JournalSource {
	std::function<Status(const JournalQuery& query, const JournalSink& sink)> read;
	/// Whether the journal outlives a restart of the machine.
	std::function<bool()> is_kept;
};
/// This machine's journal. Entries count only where the kernel says that root or an account of ours
/// wrote them: anybody may send the fields.
[[nodiscard]] JournalSource make_journal_source();

}    // namespace rassist::cli
