// Puts one attempt together out of the journal: its own entries, those of the connections it took,
// and what sshd itself said of them.
#pragma once

#include "common/base/parse.hpp"
#include "rassist/frame/journal_reader.hpp"

#include <vector>

namespace rassist::cli {

/// All entries that belong to the id, in the order of their time. An id is a connection's, a
/// device's attempt, or a window's.
[[nodiscard]] Result<std::vector<JournalEvent>> collect_story(
	const JournalSource& journal, const Id& id);

/// What can be asked for next, a line each: it says where the other half of the story is.
[[nodiscard]] std::vector<std::string> list_further_questions(
	const std::vector<JournalEvent>& story, const Id& id);

}    // namespace rassist::cli
