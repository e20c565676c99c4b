// The loop: entries come into the spool, are judged, wait for their time, and go.
#include "rassist/enforce/enforce.hpp"

#include "common/base/journal.hpp"
#include "common/records/config.hpp"
#include "common/sessions/session_end.hpp"
#include "common/sessions/session_entry.hpp"
#include "common/system/files.hpp"
#include "common/system/files_write.hpp"
#include "rassist/enforce/dead_records.hpp"
#include "rassist/enforce/folder_watch.hpp"
#include "rassist/enforce/judge.hpp"

#include <sys/inotify.h>
#include <sysexits.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <ostream>

namespace rassist::cli {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kTries = 3;    ///< of ending a session that will not end
constexpr std::chrono::seconds kBetweenTries{1};
/// This is for a relay that is never quiet: the loop never comes to an end there.
constexpr std::chrono::seconds kAllAgain{60};
constexpr std::chrono::milliseconds kAWhile{100};

void tell_refused(const Error& refused) {
	JournalEntry("rassist", Priority::error, message::kRecordRefused,
		refused.what + "; its sessions are not looked at")
		.send();
}

/// One session that is being looked at.
struct WatchedSession {
	SpoolEntry session;
	/// It was asked for by name, not with all the others: somebody waits for it.
	bool asked = false;
	std::optional<Clock::time_point> grown_at;    ///< set when it is first seen
	Clock::time_point due{};                      ///< at once
	int tries = 0;
};

class Enforcer {
public:
	static Result<Enforcer> open(Context& context);
	Result<int> work();

private:
	Enforcer(Context& context, Folder spool, FolderWatch watch)
		: context_(context), spool_(std::move(spool)), watch_(std::move(watch)) {}
	[[nodiscard]] Status take(const std::string& name);
	[[nodiscard]] Status take_entries();
	[[nodiscard]] Status take_all_sessions();
	[[nodiscard]] Status hear();
	[[nodiscard]] Status judge_due();
	[[nodiscard]] bool settle(WatchedSession& watched, const Now& now);
	[[nodiscard]] bool end(const Session& session, const std::string& why, WatchedSession& watched);
	[[nodiscard]] Status wait() const;

	Context& context_;
	Folder spool_;
	FolderWatch watch_;
	Clock::time_point all_due_{};    ///< when everybody is looked at (again)
	/// The key is the name of the spool entry, which may not be there.
	std::map<std::string, WatchedSession> watched_;
};

Result<Enforcer> Enforcer::open(Context& context) {
	auto spool = Folder::trusted(context.paths.enforce(), context.root);
	if (!spool)
		return std::move(spool).error();
	// It is watched before the first listing: what comes between the two is seen twice, not lost.
	auto watch = FolderWatch::open(context.paths.enforce(), IN_CREATE | IN_MOVED_TO);
	if (!watch)
		return std::move(watch).error();
	return Enforcer(context, *std::move(spool), *std::move(watch));
}

/// Takes an entry that has come. A session that is watched already is looked at again at once, for
/// whoever asks has changed a record.
Status Enforcer::take(const std::string& name) {
	if (name == kEverybody) {
		all_due_ = {};
		// The entry goes first: where it is put there once more meanwhile, all are looked at once
		// more.
		return remove_file(spool_, name);
	}
	auto entry = parse_spool_entry(name);
	if (entry) {
		WatchedSession& watched = watched_[name];
		watched.session = *std::move(entry);
		watched.asked = true;
		watched.due = {};
		return Done{};
	}
	context_.warn(entry.error().what + "; removing it");
	return remove_file(spool_, name);
}

Status Enforcer::take_entries() {
	const auto names = spool_.names();
	if (!names)
		return names.error();
	for (const std::string& name : *names)
		if (auto taken = take(name); !taken)
			return taken;
	return Done{};
}

/// Takes the entries that came since.
Status Enforcer::hear() {
	for (const FolderEvent& event : watch_.take_events()) {
		// After an overflow the folder is listed. Names with a dot are files in the making.
		Status taken = event.overflow                               ? take_entries()
					   : event.name.empty() || event.name[0] == '.' ? Status(Done{})
																	: take(event.name);
		if (!taken)
			return taken;
	}
	return Done{};
}

Status Enforcer::take_all_sessions() {
	const auto sessions = list_live_sessions(context_.paths);
	if (!sessions)
		return sessions.error();
	for (const Error& refused : sessions->refused)
		tell_refused(refused);
	for (const Session& session : sessions->sessions) {
		watched_.emplace(format_spool_entry(session),
			WatchedSession{{session.role, session.subject, session.number}, false, {}});
	}
	all_due_ = Clock::now() + kAllAgain;
	return Done{};
}

/// Ends the session. true: it has ended, or is not worth another try.
bool Enforcer::end(const Session& session, const std::string& why, WatchedSession& watched) {
	const auto ended = end_session(session, kTimeToLeave);
	const std::string which = format_session_name(session);
	const std::string sentence =
		ended ? "cut " + which + ": " + why
			  : which + " must end (" + why + ") and does not: " + ended.error().what;
	make_session_entry("rassist", session, ended ? Priority::notice : Priority::error,
		message::kSessionCut, sentence)
		.field("RASSIST_REASON", why)
		.send();
	if (context_.terminal)
		context_.out << sentence << "\n";
	if (ended || ++watched.tries == kTries)
		return true;
	watched.due = Clock::now() + kBetweenTries;
	return false;
}

/// Whether the session needs no further look.
bool Enforcer::settle(WatchedSession& watched, const Now& now) {
	const auto& [role, subject, number] = watched.session;
	const auto sessions = list_live_sessions(context_.paths, role, subject);
	if (!sessions) {
		tell_refused(sessions.error());
		return true;    // looked at again with all the others
	}
	const auto found = std::ranges::find(*sessions, number, &Session::number);
	if (found == sessions->end())
		return true;
	if (!watched.grown_at) {
		// The age that the record tells is asked once; from there on a clock measures that nobody
		// sets.
		const std::chrono::seconds left(std::clamp<std::int64_t>(
			found->since + login_time_of(role).count() - now.wall, 0, login_time_of(role).count()));
		watched.grown_at = Clock::now() + left;
	}
	const SessionVerdict verdict = judge_session(context_, *found,
		Clock::now() >= *watched.grown_at, found->number == sessions->back().number, now);
	switch (verdict.is) {
	case SessionVerdict::Is::fine:
		return true;
	case SessionVerdict::Is::wait:
		watched.due = *watched.grown_at;
		return false;
	case SessionVerdict::Is::over:
		return end(*found, verdict.why, watched);
	}
	return true;
}

/// Judges those first that were asked for, and the others a while at a time, for more may be asked
/// for meanwhile.
Status Enforcer::judge_due() {
	const auto clock = read_clocks();
	if (!clock)
		return clock.error();
	const auto until = Clock::now() + kAWhile;
	for (const bool asked : {true, false}) {
		for (auto one = watched_.begin(); one != watched_.end();) {
			if (!asked && Clock::now() >= until)
				return Done{};
			if (one->second.asked != asked || one->second.due > Clock::now() ||
				!settle(one->second, *clock)) {
				++one;
				continue;
			}
			if (auto removed = remove_file(spool_, one->first); !removed)
				return removed;
			one = watched_.erase(one);
		}
	}
	return Done{};
}

/// Waits until an entry comes or the next one is due.
Status Enforcer::wait() const {
	auto soonest = all_due_;
	for (const auto& [name, watched] : watched_)
		soonest = std::min(soonest, watched.due);
	return watch_.wait_until(soonest);
}

Result<int> Enforcer::work() {
	if (auto taken = take_entries(); !taken)
		return std::move(taken).error();
	while (true) {
		if (Clock::now() >= all_due_) {
			if (auto taken = take_all_sessions(); !taken)
				return std::move(taken).error();
		}
		for (const auto step : {&Enforcer::judge_due, &Enforcer::hear})
			if (auto done = (this->*step)(); !done)
				return std::move(done).error();
		if (watched_.empty() && Clock::now() < all_due_)
			return EX_OK;
		if (auto waited = wait(); !waited)
			return std::move(waited).error();
	}
}

void remove_dead(const Context& context) {
	if (const auto done = remove_dead_sessions(context); !done)
		context.warn(done.error().what);
}

}    // namespace

Result<int> enforce_sessions(Context& context) {
	auto enforcer = Enforcer::open(context);
	if (!enforcer)
		return std::move(enforcer).error();
	if (const auto config = load_config(context.paths, context.root); !config) {
		const std::string sentence =
			config.error().what +
			"; until it is mended support-from ends no session, and nobody new gets in";
		JournalEntry("rassist", Priority::warning, message::kRecordRefused, sentence).send();
	}
	remove_dead(context);
	if (auto swept = sweep_revoked_windows(context); !swept)
		context.warn(swept.error().what);
	auto worked = enforcer->work();
	remove_dead(context);
	return worked;
}

}    // namespace rassist::cli
