#include "rassist/enforce/cut.hpp"

#include "common/sessions/narrowing_mark.hpp"
#include "common/system/files.hpp"
#include "common/system/files_write.hpp"
#include "common/system/process.hpp"
#include "rassist/enforce/enforce.hpp"
#include "rassist/frame/terminal.hpp"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ostream>

namespace rassist::cli {

namespace {

using Clock = std::chrono::steady_clock;

/// more than the enforcer takes for a session that does not want to end
constexpr std::chrono::seconds kPatience{10};
constexpr std::chrono::seconds kUntilTold{1};    ///< a person who waits longer is told for what
constexpr Attributes kEntry{
	.mode = 0600, .owner = {}, .group = {}, .replace = true, .durable = false};

/// The spool, and word of what leaves it.
struct Spool {
	Folder folder;
	UniqueFd events;

	static Result<Spool> open(const Context& context) {
		auto folder = Folder::open(context.paths.enforce());
		if (!folder)
			return std::move(folder).error();
		UniqueFd events(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
		if (!events ||
			inotify_add_watch(events.get(), context.paths.enforce().c_str(), IN_DELETE) < 0)
			return os_error(errno, context.paths.enforce());
		return Spool{*std::move(folder), std::move(events)};
	}

	/// Until something left it, or `until`.
	void wait(Clock::time_point until) const {
		const auto left =
			std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
		pollfd ready{events.get(), POLLIN, 0};
		static_cast<void>(poll(&ready, 1, static_cast<int>(std::max<std::int64_t>(0, left))));
		std::array<char, 4096> drained{};
		while (read(events.get(), drained.data(), drained.size()) > 0) {
		}
	}
};

/// Those whose entry is still there.
Result<std::size_t> waiting(const Spool& spool, const std::vector<Session>& sessions) {
	const auto names = spool.folder.names();    // sorted
	if (!names)
		return names.error();
	return static_cast<std::size_t>(std::ranges::count_if(sessions, [&](const Session& one) {
		return std::ranges::binary_search(*names, format_spool_entry(one));
	}));
}

bool has_ended(const Session& session) {
	const auto started = read_process_start(session.pid);
	return !started || *started != session.started;
}

Error not_judged(std::size_t left) {
	return Error{Fault::unavailable,
		counted(left, "live session") +
			" not looked at yet. The new rules hold for every new login; what ends live sessions "
			"is rassist-enforce.path, "
			"which runs with rassist-relay.service, or by hand: rassist sessions --enforce"};
}

}    // namespace

Result<std::vector<Session>> sessions_that(const Context& context, Role role,
	const std::string& subject, const std::function<bool(const Session&)>& concerned) {
	std::vector<Session> found;
	if (subject.empty()) {
		auto all = list_live_sessions(context.paths);
		if (!all)
			return std::move(all).error();
		for (const Error& refused : all->refused)
			context.warn(refused.what + "; its sessions are not looked at");
		found = std::move(all->sessions);
	} else {
		auto some = list_live_sessions(context.paths, role, subject);
		if (!some)
			return some;
		found = *std::move(some);
	}
	std::erase_if(found, [&](const Session& one) { return one.role != role || !concerned(one); });
	return found;
}

Result<int> have_judged(const Context& context, const std::vector<Session>& sessions) {
	if (sessions.empty())
		return 0;
	const auto spool = Spool::open(context);
	if (!spool)
		return spool.error();
	for (const Session& session : sessions)
		if (auto written = write_file(spool->folder, format_spool_entry(session), "", kEntry);
			!written)
			return std::move(written).error();
	const auto begun = Clock::now();
	bool told = false;
	while (true) {
		const auto left = waiting(*spool, sessions);
		if (!left)
			return left.error();
		if (*left == 0)
			return static_cast<int>(std::ranges::count_if(sessions, has_ended));
		if (Clock::now() >= begun + kPatience)
			return not_judged(*left);
		if (context.terminal && !told && Clock::now() >= begun + kUntilTold) {
			told = true;
			context.err << "Waiting for " << counted(*left, "session") << " to end…\n";
		}
		spool->wait(told || !context.terminal ? begun + kPatience : begun + kUntilTold);
	}
}

Status write_narrowing_mark(const Context& context, const std::string& name) {
	const auto text = format_narrowing_mark();
	if (!text)
		return text.error();
	if (auto made = make_folder(context.paths.narrowed(), 0755); !made)
		return made;
	return write_file(context.paths.narrowed() + "/" + name, *text,
		Attributes{.owner = {}, .group = {}, .durable = false});
}

}    // namespace rassist::cli
