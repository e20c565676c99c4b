// A journal that tests play.
#pragma once

#include "rassist/frame/journal_reader.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rassist::cli::test {

inline constexpr std::int64_t kSecond = 1'000'000;

/// A journal of entries in the order of their time, read as sd-journal reads: groups, since, until,
/// both ways.
class PlayedJournal {
public:
	JournalEvent& add(
		std::int64_t at, std::string_view id, std::map<std::string, std::string> fields) {
		fields.insert({{"MESSAGE_ID", std::string(id)}, {"_BOOT_ID", "b"},
			{"MESSAGE", "entry " + std::to_string(events_.size())}});
		fields.try_emplace("SYSLOG_IDENTIFIER", "pam_rassist");
		events_.push_back({at * kSecond, std::move(fields), std::to_string(events_.size())});
		return events_.back();
	}
	JournalSource source() {
		return {[this](const JournalQuery& query, const JournalSink& sink) -> Status {
					auto events = events_;
					if (query.newest_first)
						std::ranges::reverse(events);
					for (const JournalEvent& event : events) {
						++looked_at;
						if (wanted(query, event) && !sink(event))
							break;
					}
					return Done{};
				},
			[this] { return kept; }};
	}
	bool kept = true;
	int looked_at = 0;

private:
	static bool wanted(const JournalQuery& query, const JournalEvent& event) {
		if ((query.since && event.at < *query.since) || (query.until && event.at > *query.until))
			return false;
		return std::ranges::any_of(query.groups, [&](const auto& group) {
			std::map<std::string, bool> fields;
			for (const std::string& field : group) {
				const auto end = field.find('=');
				fields[field.substr(0, end)] |=
					event.get(field.substr(0, end)) == field.substr(end + 1);
			}
			return std::ranges::all_of(fields, [](const auto& field) { return field.second; });
		});
	}
	std::vector<JournalEvent> events_;
};

}    // namespace rassist::cli::test
