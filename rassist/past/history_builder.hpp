// Folds windows, tunnels and sessions of the past out of journal entries that come newest first.
// Pure.
#pragma once

#include "rassist/frame/journal_reader.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rassist::cli {

/// A window, a tunnel or a session: it had a beginning, and an end unless it goes on.
struct HistoryEntry {
	enum class What { window, tunnel, session };
	What what = What::session;
	std::string who;    ///< the serial; of a person's session on a relay the person
	std::string key;    ///< fingerprint; "" where there was none (a typed code, a window)
	std::string from;
	std::int64_t start = 0;             ///< UTC seconds
	std::optional<std::int64_t> end;    ///< none: not in the journal
	std::string why;                    ///< why it ended
	std::string id;                     ///< for `rassist why`
	std::string window;
};
[[nodiscard]] std::string_view what_word(HistoryEntry::What what);

/// The query whose journal entries a HistoryBuilder takes; `who` is a serial or a person, or "".
[[nodiscard]] JournalQuery make_history_query(
	const std::string& who, std::optional<std::int64_t> since);

class HistoryBuilder {
public:
	/// Takes a journal entry that is older than all before it, and hands back what began with it,
	/// with the end that was seen before.
	[[nodiscard]] std::optional<HistoryEntry> take(const JournalEvent& event);
	/// What ended within the time that was looked at and began before it, newest first; it is known
	/// by how long it lasted.
	[[nodiscard]] std::vector<HistoryEntry> list_rest() const;

private:
	struct SeenEnd {
		std::int64_t at = 0;
		std::string why;
		std::optional<HistoryEntry> whole;    ///< where the entry itself tells how long it lasted
	};
	std::map<std::string, SeenEnd> ends_;    ///< by id; a window's by its own
};

}    // namespace rassist::cli
