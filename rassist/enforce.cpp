// The loop: entries come (inotify), are judged, wait for their time (poll's timeout), and go.
#include "rassist/enforce.hpp"

#include "common/files.hpp"
#include "common/journal.hpp"
#include "rassist/relay.hpp"

#include <poll.h>
#include <sys/inotify.h>
#include <sysexits.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <map>
#include <ostream>

namespace rassist::cli {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kTries = 3;    ///< of ending a session that will not end
constexpr std::chrono::seconds kBetweenTries{1};
constexpr std::chrono::seconds kAllAgain{60};    ///< a relay that is never quiet never comes to an end here

void tell_refused(const Error& refused) {
	JournalEntry("rassist", Priority::error, message::kRecordRefused, refused.what + "; its sessions are not looked at").send();
}

/// One session that is being looked at.
struct Watched {
	SpoolEntry session;
	std::optional<Clock::time_point> grown_at;    ///< set when it is first seen
	Clock::time_point due{};                      ///< at once
	int tries = 0;
};

class Enforcer {
public:
	static Result<Enforcer> open(Context& context);
	Result<int> work();

private:
	Enforcer(Context& context, Folder spool, UniqueFd events) : context_(context), spool_(std::move(spool)), events_(std::move(events)) {}
	[[nodiscard]] Status take_entries();
	[[nodiscard]] Status take_all_sessions();
	[[nodiscard]] Status judge_due();
	[[nodiscard]] bool settle(Watched& watched, const Now& now);
	[[nodiscard]] bool end(const Session& session, const std::string& why, Watched& watched);
	[[nodiscard]] Status wait() const;

	Context& context_;
	Folder spool_;
	UniqueFd events_;
	std::map<std::string, Watched> watched_;    ///< by name of the spool entry, which may not be there
};

Result<Enforcer> Enforcer::open(Context& context) {
	auto spool = Folder::open(context.paths.enforce());
	if (!spool) {
		return std::move(spool).error();
	}
	if (auto trusted = spool->require(context.root); !trusted) {
		return std::move(trusted).error();
	}
	UniqueFd events(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
	// before the first listing: what comes between the two is seen twice, not lost
	if (!events || inotify_add_watch(events.get(), context.paths.enforce().c_str(), IN_CREATE | IN_MOVED_TO) < 0) {
		return os_error(errno, context.paths.enforce());
	}
	return Enforcer(context, *std::move(spool), std::move(events));
}

Status Enforcer::take_entries() {
	const auto names = spool_.names();
	if (!names) {
		return names.error();
	}
	for (const std::string& name : *names) {
		if (watched_.contains(name)) {
			continue;
		}
		auto entry = parse_spool_entry(name);
		if (entry) {
			watched_.emplace(name, Watched{*std::move(entry), {}});
			continue;
		}
		context_.warn(entry.error().what + "; removing it");
		if (auto removed = remove_file(spool_, name); !removed) {
			return removed;
		}
	}
	return Done{};
}

Status Enforcer::take_all_sessions() {
	const auto sessions = live_sessions(context_.paths);
	if (!sessions) {
		return sessions.error();
	}
	for (const Error& refused : sessions->refused) {
		tell_refused(refused);
	}
	for (const Session& session : sessions->sessions) {
		const std::string name = std::string(role_name(session.role)) + "." + session.subject + "." + std::to_string(session.number);
		watched_.emplace(name, Watched{{session.role, session.subject, session.number}, {}});
	}
	return Done{};
}

/// Ended, or not worth another try.
bool Enforcer::end(const Session& session, const std::string& why, Watched& watched) {
	auto ended = end_session(session, kGrace);
	if (ended) {
		ended = forget_session(context_.paths, session);
	}
	const std::string which = std::string(role_name(session.role)) + " session " + std::to_string(session.number) + " of " + session.subject;
	const std::string sentence = ended ? "ended " + which + ": " + why : which + " must end (" + why + ") and does not: " + ended.error().what;
	JournalEntry("rassist", ended ? Priority::notice : Priority::error, message::kSessionEnded, sentence)
		.field("RASSIST_ROLE", role_name(session.role))
		.field("RASSIST_SUBJECT", session.subject)
		.field("RASSIST_FINGERPRINT", session.key)
		.field("RASSIST_FROM", session.from)
		.field("RASSIST_REASON", why)
		.field("RASSIST_WINDOW", session.window ? session.window->str() : "")
		.field("RASSIST_ID", session.id.str())
		.send();
	if (context_.terminal) {
		context_.out << sentence << "\n";
	}
	if (ended || ++watched.tries == kTries) {
		return true;
	}
	watched.due = Clock::now() + kBetweenTries;
	return false;
}

/// Whether the session needs no further look.
bool Enforcer::settle(Watched& watched, const Now& now) {
	const auto& [role, subject, number] = watched.session;
	const auto sessions = live_sessions(context_.paths, role, subject);
	if (!sessions) {
		tell_refused(sessions.error());
		return true;    // looked at again with all the others
	}
	const auto found = std::ranges::find(*sessions, number, &Session::number);
	if (found == sessions->end()) {
		return true;
	}
	if (!watched.grown_at) {
		// measured on a clock nobody sets, from the age that the record tells once
		const std::chrono::seconds left(std::clamp<std::int64_t>(found->since + patience(role).count() - now.wall, 0, patience(role).count()));
		watched.grown_at = Clock::now() + left;
	}
	const Verdict verdict = judge(context_, *found, Clock::now() >= *watched.grown_at, found->number == sessions->back().number, now);
	switch (verdict.is) {
	case Verdict::Is::fine:
		return true;
	case Verdict::Is::wait:
		watched.due = *watched.grown_at;
		return false;
	case Verdict::Is::over:
		return end(*found, verdict.why, watched);
	}
	return true;
}

Status Enforcer::judge_due() {
	const auto clock = now();
	if (!clock) {
		return clock.error();
	}
	for (auto one = watched_.begin(); one != watched_.end();) {
		if (one->second.due > Clock::now()) {
			++one;
			continue;
		}
		if (!settle(one->second, *clock)) {
			++one;
			continue;
		}
		if (auto removed = remove_file(spool_, one->first); !removed) {
			return removed;
		}
		one = watched_.erase(one);
	}
	return Done{};
}

/// Until an entry comes or the next one is due.
Status Enforcer::wait() const {
	auto soonest = Clock::time_point::max();
	for (const auto& [name, watched] : watched_) {
		soonest = std::min(soonest, watched.due);
	}
	const auto left = std::chrono::ceil<std::chrono::milliseconds>(soonest - Clock::now());
	pollfd ready{events_.get(), POLLIN, 0};
	if (poll(&ready, 1, static_cast<int>(std::max<std::int64_t>(0, left.count()))) < 0 && errno != EINTR) {
		return os_error(errno, "poll");
	}
	std::array<char, 4096> events{};
	while (read(events_.get(), events.data(), events.size()) > 0) {
	}
	return Done{};
}

Result<int> Enforcer::work() {
	auto all_again = Clock::now();
	while (true) {
		if (Clock::now() >= all_again) {
			if (auto taken = take_all_sessions(); !taken) {
				return std::move(taken).error();
			}
			all_again = Clock::now() + kAllAgain;
		}
		if (auto judged = judge_due(); !judged) {
			return std::move(judged).error();
		}
		if (auto taken = take_entries(); !taken) {
			return std::move(taken).error();
		}
		if (watched_.empty()) {
			return EX_OK;
		}
		if (auto waited = wait(); !waited) {
			return std::move(waited).error();
		}
	}
}

}    // namespace

Result<int> enforce(Context& context) {
	auto enforcer = Enforcer::open(context);
	if (!enforcer) {
		return std::move(enforcer).error();
	}
	// records of connections whose sshd was killed before it could take them back
	if (auto swept = sweep_sessions(context.paths); !swept) {
		context.warn(swept.error().what);
	}
	return enforcer->work();
}

}    // namespace rassist::cli
