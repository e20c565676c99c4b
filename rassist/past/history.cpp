// history: it says who was there, newest first, and prints each row as soon as it is known.
#include "common/records/window.hpp"
#include "common/system/clock.hpp"
#include "rassist/frame/actions.hpp"
#include "rassist/frame/json_list.hpp"
#include "rassist/frame/terminal.hpp"
#include "rassist/past/history_builder.hpp"
#include "rassist/past/kept_journal.hpp"

#include "common/records/registry.hpp"
#include "common/sessions/session.hpp"

#include <sysexits.h>

#include <ctime>
#include <limits>
#include <ostream>
#include <set>

namespace rassist::cli {

namespace {

constexpr std::int64_t kMicroseconds = 1'000'000;

/// Reads "2h" (that long ago), "2026-11-21" or "2026-11-21T16:20:00Z" as UTC seconds.
Result<std::int64_t> parse_since(const std::string& text, std::int64_t now) {
	if (const auto ago = parse_duration(text))
		return now - ago->count();
	for (const char* form : {"%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"}) {
		std::tm time{};
		const char* end = strptime(text.c_str(), form, &time);
		if (end != nullptr && *end == '\0')
			return timegm(&time);
	}
	return Error{Fault::invalid,
		"--since: " + quoted(text) +
			" is no time; 2h (that long ago), 2026-11-21 or 2026-11-21T16:20:00Z would be"};
}

/// Knows what goes on now, for what has no end in the journal may have ended all the same.
struct LiveState {
	std::set<std::string> ids;    ///< of live sessions; of the window that is open
	const Context& context;

	explicit LiveState(const Context& here) : context(here) {
		if (const auto sessions = list_live_sessions(here.paths))
			for (const Session& session : sessions->sessions)
				ids.insert(session.id.str());
		if (const auto clock = read_clocks()) {
			if (const auto window = find_open_window(here.paths, *clock, here.root); window.found())
				ids.insert(window->id.str());
		}
	}

	/// Only the newest tunnel of a device can be the one that is up.
	[[nodiscard]] bool is_live(
		const HistoryEntry& entry, std::set<std::string>& tunnels_seen) const {
		switch (entry.what) {
		case HistoryEntry::What::window:
			return ids.contains(entry.window);
		case HistoryEntry::What::session:
			return ids.contains(entry.id);
		case HistoryEntry::What::tunnel:
			break;
		}
		const auto serial = Serial::parse(entry.who);
		return tunnels_seen.insert(entry.who).second && serial &&
			   is_tunnel_up(context.paths, *serial);
	}
};

/// Prints entries as they come, as rows or as JSON.
class HistoryPrinter {
public:
	HistoryPrinter(Context& context, bool json, std::size_t most)
		: context_(context), live_(context), most_(most) {
		if (json)
			list_.emplace(context.out);
	}

	/// false: that is enough of them.
	bool add(const HistoryEntry& entry) {
		const bool is_live = live_.is_live(entry, tunnels_) && !entry.end;
		list_ ? list_->add(make_entry_json(entry, is_live)) : print_row(entry, is_live);
		return ++count_ < most_;
	}
	[[nodiscard]] bool is_full() const { return count_ >= most_; }
	[[nodiscard]] bool is_silent() const { return count_ == 0 && !list_; }

private:
	static Json make_entry_json(const HistoryEntry& entry, bool is_live) {
		Json json = Json::object();
		json.text("what", what_word(entry.what))
			.text("who", entry.who)
			.text_or_null("key", entry.key)
			.text_or_null("from", entry.from)
			.text("start", format_utc(entry.start))
			.text_or_null("end", entry.end ? format_utc(*entry.end) : "")
			.text("state", entry.end ? "ended"
						   : is_live ? "live"
									 : "unknown")
			.text_or_null("why", entry.why)
			.text_or_null("id", entry.id)
			.text_or_null("window", entry.window);
		return json;
	}

	/// The rows come one by one, so their widths are fixed.
	void print_row(const HistoryEntry& entry, bool is_live) {
		if (count_ == 0) {
			context_.out << "START                    LASTED   WHAT     WHO                   ID   "
							"       HOW IT ENDED\n";
		}
		const std::string lasted = entry.end
									   ? format_duration(std::chrono::seconds(
											 std::max<std::int64_t>(0, *entry.end - entry.start)))
									   : "-";
		const std::string why = entry.end ? escape_for_terminal(entry.why)
								: is_live
									? "it has not"
									: "unknown: the machine went down, or the journal lost it";
		context_.out << pad_column(format_local_time(entry.start), 25, 1)
					 << pad_column(lasted, 9, 1)
					 << pad_column(std::string(what_word(entry.what)), 9, 1)
					 << pad_column(escape_for_terminal(entry.who), 22, 1)
					 << pad_column(
							entry.what == HistoryEntry::What::window ? entry.window : entry.id, 12,
							1)
					 << why << "\n";
		if (entry.what == HistoryEntry::What::session) {
			context_.out << pad_column("", 43, 1) << "from " << escape_for_terminal(entry.from)
						 << (entry.key.empty() ? ", by typed code" : ", key " + entry.key) << "\n";
		}
	}

	Context& context_;
	LiveState live_;
	std::size_t most_;
	std::size_t count_ = 0;
	std::set<std::string> tunnels_;
	std::optional<JsonList> list_;
};

}    // namespace

Result<int> history_verb(Context& context, const Arguments& arguments) {
	const auto clock = read_clocks();
	if (!clock)
		return clock.error();
	std::optional<std::int64_t> since;
	if (arguments.has("since")) {
		const auto time = parse_since(arguments.value("since"), clock->wall);
		if (!time)
			return context.usage(time.error().what);
		since = *time * kMicroseconds;
	}
	const auto limit =
		arguments.has("limit")
			? parse_integer(arguments.value("limit"), 1, std::numeric_limits<std::int32_t>::max())
			: Result<std::int64_t>(std::numeric_limits<std::int32_t>::max());
	if (!limit)
		return context.usage("--limit: " + limit.error().what);
	std::string who;
	if (!arguments.operands().empty()) {
		const auto name = Name::parse(arguments.operands()[0]);    // a serial is one, too
		if (!name) {
			return context.usage(
				quoted(arguments.operands()[0]) + " is neither a serial nor the name of a person");
		}
		who = name->str();
	}
	warn_of_unkept_journal(context);
	HistoryPrinter printer(context, arguments.has("json"), static_cast<std::size_t>(*limit));
	HistoryBuilder builder;
	auto read =
		context.journal.read(make_history_query(who, since), [&](const JournalEvent& event) {
			const auto entry = builder.take(event);
			return !entry || printer.add(*entry);
		});
	if (!read)
		return std::move(read).error();
	for (const HistoryEntry& entry : builder.list_rest())
		if (printer.is_full() || !printer.add(entry))
			break;
	if (printer.is_silent())
		context.out << "Nothing of it is in the journal.\n";
	return EX_OK;
}

}    // namespace rassist::cli
