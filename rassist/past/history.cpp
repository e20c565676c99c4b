// history: who was there, newest first; each row is printed as soon as it is known.
#include "common/records/window.hpp"
#include "common/system/clock.hpp"
#include "rassist/frame/actions.hpp"
#include "rassist/frame/json_list.hpp"
#include "rassist/frame/terminal.hpp"
#include "rassist/past/past.hpp"

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

/// "2h" (ago), "2026-11-21" or "2026-11-21T16:20:00Z"; UTC seconds.
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

/// What goes on now, so that what has no end in the journal is not taken for it.
struct Present {
	std::set<std::string> ids;    ///< of live sessions; of the window that is open
	const Context& context;

	explicit Present(const Context& here) : context(here) {
		if (const auto sessions = list_live_sessions(here.paths))
			for (const Session& session : sessions->sessions)
				ids.insert(session.id.str());
		if (const auto clock = read_clocks()) {
			if (const auto window = find_open_window(here.paths, *clock, here.root); window.found())
				ids.insert(window->id.str());
		}
	}

	/// Only the newest tunnel of a device can be the one that is up.
	[[nodiscard]] bool goes_on(
		const Happening& happening, std::set<std::string>& tunnels_seen) const {
		switch (happening.what) {
		case Happening::What::window:
			return ids.contains(happening.window);
		case Happening::What::session:
			return ids.contains(happening.id);
		case Happening::What::tunnel:
			break;
		}
		const auto serial = Serial::parse(happening.who);
		return tunnels_seen.insert(happening.who).second && serial &&
			   is_tunnel_up(context.paths, *serial);
	}
};

/// "still there" | "ended" | "unknown"
class Printer {
public:
	Printer(Context& context, bool json, std::size_t most)
		: context_(context), present_(context), most_(most) {
		if (json)
			list_.emplace(context.out);
	}

	/// false: enough.
	bool add(const Happening& happening) {
		const bool goes_on = present_.goes_on(happening, tunnels_) && !happening.end;
		list_ ? list_->add(json_of(happening, goes_on)) : line(happening, goes_on);
		return ++count_ < most_;
	}
	[[nodiscard]] bool is_full() const { return count_ >= most_; }
	[[nodiscard]] bool nothing() const { return count_ == 0 && !list_; }

private:
	static Json json_of(const Happening& happening, bool goes_on) {
		Json json = Json::object();
		json.text("what", what_word(happening.what))
			.text("who", happening.who)
			.text_or_null("key", happening.key)
			.text_or_null("from", happening.from)
			.text("start", format_utc(happening.start))
			.text_or_null("end", happening.end ? format_utc(*happening.end) : "")
			.text("state", happening.end ? "ended"
						   : goes_on     ? "live"
										 : "unknown")
			.text_or_null("why", happening.why)
			.text_or_null("id", happening.id)
			.text_or_null("window", happening.window);
		return json;
	}

	/// Rows come one by one: widths are fixed.
	void line(const Happening& happening, bool goes_on) {
		if (count_ == 0) {
			context_.out << "START                    LASTED   WHAT     WHO                   ID   "
							"       HOW IT ENDED\n";
		}
		const std::string lasted =
			happening.end ? format_duration(std::chrono::seconds(
								std::max<std::int64_t>(0, *happening.end - happening.start)))
						  : "-";
		const std::string why = happening.end ? shown(happening.why)
								: goes_on
									? "it has not"
									: "unknown: the machine went down, or the journal lost it";
		context_.out << padded(local_time(happening.start), 25) << padded(lasted, 9)
					 << padded(std::string(what_word(happening.what)), 9)
					 << padded(shown(happening.who), 22)
					 << padded(happening.what == Happening::What::window ? happening.window
																		 : happening.id,
							12)
					 << why << "\n";
		if (happening.what == Happening::What::session) {
			context_.out << padded("", 43) << "from " << shown(happening.from)
						 << (happening.key.empty() ? ", by typed code" : ", key " + happening.key)
						 << "\n";
		}
	}

	static std::string padded(std::string text, std::size_t width) {
		text.resize(std::max(width, text.size() + 1), ' ');
		return text;
	}

	Context& context_;
	Present present_;
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
	if (!context.journal.is_kept()) {
		context.warn("this machine keeps its journal in memory alone: nothing from before its last "
					 "start is known (Storage= in journald.conf(5))");
	}
	Printer printer(context, arguments.has("json"), static_cast<std::size_t>(*limit));
	Past past;
	auto read = context.journal.read(history_query(who, since), [&](const JournalEvent& event) {
		const auto happening = past.take(event);
		return !happening || printer.add(*happening);
	});
	if (!read)
		return std::move(read).error();
	for (const Happening& happening : past.rest())
		if (printer.is_full() || !printer.add(happening))
			break;
	if (printer.nothing())
		context.out << "Nothing of it is in the journal.\n";
	return EX_OK;
}

}    // namespace rassist::cli
