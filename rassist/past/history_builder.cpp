#include "rassist/past/history_builder.hpp"

#include "common/base/journal.hpp"
#include "common/base/parse.hpp"

#include <algorithm>
#include <limits>

namespace rassist::cli {

namespace {

/// Only sessions of people count; a device's own connections are told by its tunnel.
bool is_of_person(const JournalEvent& event) {
	return event.get("RASSIST_ROLE") == "assist" || event.get("RASSIST_ROLE") == "staff";
}

/// Only the relay's word on a tunnel counts; the device's agent has its own view of the same.
bool is_of_relay(const JournalEvent& event) {
	return event.get("SYSLOG_IDENTIFIER") == "rassist-hold";
}

HistoryEntry begin_entry(const JournalEvent& event, HistoryEntry::What what) {
	const std::string& person = event.get("RASSIST_SUBJECT");
	return {what, person.empty() ? event.get("RASSIST_SERIAL") : person,
		event.get("RASSIST_FINGERPRINT"), event.get("RASSIST_FROM"), event.seconds(), {}, "",
		event.get("RASSIST_ID"), event.get("RASSIST_WINDOW")};
}

/// hold gives the reason as a word, and in full in its sentence: "sn123: tunnel down: the
/// connection has ended".
std::string reason_after_down(const JournalEvent& event) {
	constexpr std::string_view kDown = "tunnel down: ";
	const std::string& sentence = event.get("MESSAGE");
	const auto place = sentence.find(kDown);
	return place == std::string::npos ? event.get("RASSIST_REASON")
									  : sentence.substr(place + kDown.size());
}

}    // namespace

std::string_view what_word(HistoryEntry::What what) {
	switch (what) {
	case HistoryEntry::What::window:
		return "window";
	case HistoryEntry::What::tunnel:
		return "tunnel";
	case HistoryEntry::What::session:
		break;
	}
	return "session";
}

JournalQuery make_history_query(const std::string& who, std::optional<std::int64_t> since) {
	const std::vector<std::string> any = match_message_ids({message::kSessionStarted,
		message::kSessionEnded, message::kSessionCut, message::kWindowOpened,
		message::kWindowClosed, message::kTunnelUp, message::kTunnelDown});
	JournalQuery query{.groups = {any}, .newest_first = true, .since = since};
	if (!who.empty()) {
		query.groups.push_back(any);
		query.groups[0].push_back("RASSIST_SERIAL=" + who);
		query.groups[1].push_back("RASSIST_SUBJECT=" + who);
	}
	return query;
}

std::optional<HistoryEntry> HistoryBuilder::take(const JournalEvent& event) {
	const std::string& kind = event.get("MESSAGE_ID");
	const std::string& id = event.get("RASSIST_ID");
	const std::string& window = event.get("RASSIST_WINDOW");
	const auto begun = [&](HistoryEntry::What what, const std::string& key) {
		HistoryEntry entry = begin_entry(event, what);
		if (const auto end = ends_.extract(key)) {
			entry.end = end.mapped().at;
			entry.why = end.mapped().why;
		}
		return entry;
	};
	if (kind == message::kWindowClosed) {
		ends_.insert_or_assign(window, SeenEnd{event.seconds(), event.get("RASSIST_REASON"), {}});
	} else if (kind == message::kWindowOpened) {
		return begun(HistoryEntry::What::window, window);
	} else if (kind == message::kTunnelDown && is_of_relay(event)) {
		ends_.insert_or_assign(id, SeenEnd{event.seconds(), reason_after_down(event), {}});
	} else if (kind == message::kTunnelUp && is_of_relay(event)) {
		return begun(HistoryEntry::What::tunnel, id);
	} else if (kind == message::kSessionEnded && is_of_person(event)) {
		SeenEnd end{event.seconds(), event.get("RASSIST_REASON"), {}};
		if (const auto lasted = parse_integer(
				event.get("RASSIST_DURATION"), 0, std::numeric_limits<std::int32_t>::max())) {
			end.whole = begin_entry(event, HistoryEntry::What::session);
			end.whole->start -= *lasted;
		}
		ends_.insert_or_assign(id, std::move(end));
	} else if (kind == message::kSessionCut && ends_.contains(id)) {
		// Whoever cut it knows better than whoever saw it go.
		ends_[id].why = event.get("RASSIST_REASON");
	} else if (kind == message::kSessionStarted && is_of_person(event)) {
		return begun(HistoryEntry::What::session, id);
	}
	return std::nullopt;
}

std::vector<HistoryEntry> HistoryBuilder::list_rest() const {
	std::vector<HistoryEntry> rest;
	for (const auto& [id, end] : ends_) {
		if (end.whole) {
			rest.push_back(*end.whole);
			rest.back().end = end.at;
			rest.back().why = end.why;
		}
	}
	std::ranges::sort(rest, std::greater<>(), &HistoryEntry::start);
	return rest;
}

}    // namespace rassist::cli
