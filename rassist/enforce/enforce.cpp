// The loop: entries come (inotify), are judged, wait for their time (poll's timeout), and go.
#include "rassist/enforce/enforce.hpp"

#include "common/base/journal.hpp"
#include "common/records/config.hpp"
#include "common/sessions/session_end.hpp"
#include "common/sessions/session_entry.hpp"
#include "common/system/files.hpp"
#include "common/system/files_write.hpp"
#include "rassist/enforce/dead_records.hpp"

#include <poll.h>
#include <sys/inotify.h>
#include <sysexits.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <map>
#include <ostream>

namespace rassist::cli {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kTries = 3;    ///< of ending a session that will not end
constexpr std::chrono::seconds kBetweenTries{1};
/// a relay that is never quiet never comes to an end here
constexpr std::chrono::seconds kAllAgain{60};
constexpr std::chrono::milliseconds kAWhile{100};

void tell_refused(const Error& refused) {
	JournalEntry("rassist", Priority::error, message::kRecordRefused,
		refused.what + "; its sessions are not looked at")
		.send();
}

/// One session that is being looked at.
struct Watched {
	SpoolEntry session;
	/// by name, not with all the others: somebody waits for it
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
	Enforcer(Context& context, Folder spool, UniqueFd events)
		: context_(context), spool_(std::move(spool)), events_(std::move(events)) {}
	[[nodiscard]] Status take(const std::string& name);
	[[nodiscard]] Status take_entries();
	[[nodiscard]] Status take_all_sessions();
	[[nodiscard]] Status hear();
	[[nodiscard]] Status judge_due();
	[[nodiscard]] bool settle(Watched& watched, const Now& now);
	[[nodiscard]] bool end(const Session& session, const std::string& why, Watched& watched);
	[[nodiscard]] Status wait() const;

	Context& context_;
	Folder spool_;
	UniqueFd events_;
	Clock::time_point all_due_{};    ///< when everybody is looked at (again)
	/// by name of the spool entry, which may not be there
	std::map<std::string, Watched> watched_;
};

Result<Enforcer> Enforcer::open(Context& context) {
	auto spool = Folder::trusted(context.paths.enforce(), context.root);
	if (!spool)
		return std::move(spool).error();
	UniqueFd events(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
	// before the first listing: what comes between the two is seen twice, not lost
	if (!events || inotify_add_watch(
					   events.get(), context.paths.enforce().c_str(), IN_CREATE | IN_MOVED_TO) < 0)
		return os_error(errno, context.paths.enforce());
	return Enforcer(context, *std::move(spool), std::move(events));
}

/// An entry that has come. One that is watched already is looked at again at once: whoever asks has
/// changed a record.
Status Enforcer::take(const std::string& name) {
	if (name == kEverybody) {
		all_due_ = {};
		// first: asked for once more meanwhile, they are looked at once more
		return remove_file(spool_, name);
	}
	auto entry = parse_spool_entry(name);
	if (entry) {
		Watched& watched = watched_[name];
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

/// The entries that came since.
Status Enforcer::hear() {
	alignas(inotify_event) std::array<char, 4096> events{};
	ssize_t size = 0;
	while ((size = read(events_.get(), events.data(), events.size())) > 0) {
		for (std::size_t at = 0; at < static_cast<std::size_t>(size);) {
			inotify_event event{};
			std::memcpy(&event, events.data() + at, sizeof event);
			const std::string name = event.len > 0 ? events.data() + at + sizeof event : "";
			at += sizeof event + event.len;
			// an overflow: the kernel kept some from us. A dot: files in the making
			Status taken = (event.mask & IN_Q_OVERFLOW) != 0 ? take_entries()
						   : name.empty() || name[0] == '.'  ? Status(Done{})
															 : take(name);
			if (!taken)
				return taken;
		}
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
			Watched{{session.role, session.subject, session.number}, false, {}});
	}
	all_due_ = Clock::now() + kAllAgain;
	return Done{};
}

/// Ended, or not worth another try.
bool Enforcer::end(const Session& session, const std::string& why, Watched& watched) {
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
bool Enforcer::settle(Watched& watched, const Now& now) {
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
		// measured on a clock nobody sets, from the age that the record tells once
		const std::chrono::seconds left(std::clamp<std::int64_t>(
			found->since + patience(role).count() - now.wall, 0, patience(role).count()));
		watched.grown_at = Clock::now() + left;
	}
	const SessionVerdict verdict = judge(context_, *found, Clock::now() >= *watched.grown_at,
		found->number == sessions->back().number, now);
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

/// Those that were asked for first; the others a while at a time, for more may be asked for
/// meanwhile.
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

/// Until an entry comes or the next one is due.
Status Enforcer::wait() const {
	auto soonest = all_due_;
	for (const auto& [name, watched] : watched_)
		soonest = std::min(soonest, watched.due);
	const auto left = std::chrono::ceil<std::chrono::milliseconds>(soonest - Clock::now());
	pollfd ready{events_.get(), POLLIN, 0};
	if (poll(&ready, 1, static_cast<int>(std::max<std::int64_t>(0, left.count()))) < 0 &&
		errno != EINTR)
		return os_error(errno, "poll");
	return Done{};
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

void bury(const Context& context) {
	if (const auto done = bury_sessions(context); !done)
		context.warn(done.error().what);
}

}    // namespace

Result<int> enforce(Context& context) {
	auto enforcer = Enforcer::open(context);
	if (!enforcer)
		return std::move(enforcer).error();
	if (const auto config = load_config(context.paths, context.root); !config) {
		const std::string sentence =
			config.error().what +
			"; until it is mended support-from ends no session, and nobody new gets in";
		JournalEntry("rassist", Priority::warning, message::kRecordRefused, sentence).send();
	}
	bury(context);
	if (auto swept = sweep_revoked_windows(context); !swept)
		context.warn(swept.error().what);
	auto worked = enforcer->work();
	bury(context);
	return worked;
}

}    // namespace rassist::cli
