#include "rassist/past/story.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace rassist::cli {

namespace {

constexpr std::size_t kMost = 5000;    ///< entries of one story
constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kBefore = 60 * kSecond;    ///< LoginGraceTime of both doors, at most
constexpr std::int64_t kAfter = 2 * kSecond;

using Story = std::map<std::string, JournalEvent>;    ///< by cursor

Status collect_events(const JournalSource& journal, const JournalQuery& query, Story& story) {
	if (query.groups.empty())
		return Done{};
	return journal.read(query, [&](const JournalEvent& event) {
		story.emplace(event.cursor, event);
		return story.size() < kMost;
	});
}

/// The connections that entries of the attempt name, and the attempts that entries of the
/// connection name.
std::set<std::string> collect_ids_beside(const Story& story) {
	std::set<std::string> ids;
	for (const auto& [cursor, event] : story) {
		for (const char* field : {"RASSIST_ID", "RASSIST_CONNECTION"})
			if (!event.get(field).empty())
				ids.insert(event.get(field));
	}
	return ids;
}

/// One process of sshd in one boot, and when it is heard of.
struct SshdSpan {
	std::int64_t first = 0;
	std::int64_t last = 0;
};
std::map<std::pair<std::string, std::string>, SshdSpan> collect_sshds(const Story& story) {
	std::map<std::pair<std::string, std::string>, SshdSpan> seen;
	for (const auto& [cursor, event] : story) {
		if (event.get("RASSIST_SSHD").empty())
			continue;
		auto& one = seen.try_emplace({event.get("_BOOT_ID"), event.get("RASSIST_SSHD")},
							SshdSpan{event.at, event.at})
						.first->second;
		one.first = std::min(one.first, event.at);
		one.last = std::max(one.last, event.at);
	}
	return seen;
}

}    // namespace

Result<std::vector<JournalEvent>> collect_story(const JournalSource& journal, const Id& id) {
	Story story;
	const std::string& text = id.str();
	if (auto done = collect_events(
			journal, {{{"RASSIST_ID=" + text}, {"RASSIST_CONNECTION=" + text}}}, story);
		!done)
		return std::move(done).error();
	JournalQuery beside;
	for (const std::string& other : collect_ids_beside(story)) {
		beside.groups.push_back({"RASSIST_ID=" + other});
		beside.groups.push_back({"RASSIST_CONNECTION=" + other});
	}
	if (auto done = collect_events(journal, beside, story); !done)
		return std::move(done).error();
	for (const auto& [sshd, seen] : collect_sshds(story)) {
		const JournalQuery said{.groups = {{"_BOOT_ID=" + sshd.first, "_PID=" + sshd.second}},
			.since = seen.first - kBefore,
			.until = seen.last + kAfter};
		if (auto done = collect_events(journal, said, story); !done)
			return std::move(done).error();
	}
	if (auto done = collect_events(journal, {{{"RASSIST_WINDOW=" + text}}}, story); !done)
		return std::move(done).error();
	std::vector<JournalEvent> events;
	for (auto& [cursor, event] : story)
		events.push_back(std::move(event));
	std::ranges::stable_sort(events, {}, &JournalEvent::at);
	return events;
}

std::vector<std::string> list_further_questions(
	const std::vector<JournalEvent>& story, const Id& id) {
	std::set<std::string> windows;
	bool assist = false;
	bool staff = false;
	bool attempt = false;
	for (const JournalEvent& event : story) {
		if (!event.get("RASSIST_WINDOW").empty())
			windows.insert(event.get("RASSIST_WINDOW"));
		assist = assist || event.get("RASSIST_ROLE") == "assist";
		staff = staff || event.get("RASSIST_ROLE") == "staff";
		const std::string& by = event.get("SYSLOG_IDENTIFIER");
		const bool of_device =
			by == "rassist-agent" || by == "rassist-enroll" || by == "rassist-hold";
		attempt = attempt || (of_device && event.get("RASSIST_ID") == id.str());
	}
	std::vector<std::string> lines;
	for (const std::string& window : windows)
		if (window != id.str())
			lines.push_back("All of its window, here and on the other side: rassist why " + window);
	if (attempt) {
		lines.push_back("Device and relay have this under the same id: rassist why " + id.str() +
						" on the other side.");
	}
	if (assist) {
		lines.emplace_back("On the relay this login is part of a person's connection, under "
						   "another id, for ssh hands none on: `rassist history` there "
						   "says who was connected at that time.");
	}
	if (staff) {
		lines.emplace_back("Which device it was used for ssh does not tell the relay: `rassist "
						   "history` on the device says who logged in at that time.");
	}
	return lines;
}

}    // namespace rassist::cli
