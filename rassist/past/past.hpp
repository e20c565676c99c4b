// Windows, tunnels and sessions of the past, folded out of journal entries that come newest first.
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

/// One thing that had a beginning and an end.
struct Happening {
	enum class What { window, tunnel, session };
	What what = What::session;
	std::string who;    ///< the serial; of a person's session on a relay the person
	std::string key;    ///< fingerprint; "" where there was none (a typed code, a window)
	std::string from;
	std::int64_t start = 0;             ///< UTC seconds
	std::optional<std::int64_t> end;    ///< none: not in the journal
	std::string why;                    ///< it ended
	std::string id;                     ///< for `rassist why`
	std::string window;
};
[[nodiscard]] std::string_view what_word(Happening::What what);

/// The query whose entries Past takes.
[[nodiscard]] JournalQuery history_query(const std::string& who, std::optional<std::int64_t> since);

class Past {
public:
	/// An entry older than all before it. What it began, with the end that was seen before.
	[[nodiscard]] std::optional<Happening> take(const JournalEvent& event);
	/// What ended within the time looked at and began before it, newest first: known by how long it
	/// lasted.
	[[nodiscard]] std::vector<Happening> rest() const;

private:
	struct SeenEnd {
		std::int64_t at = 0;
		std::string why;
		std::optional<Happening> whole;    ///< where the entry itself tells how long it lasted
	};
	std::map<std::string, SeenEnd> ends_;    ///< by id; a window's by its own
};

}    // namespace rassist::cli
