#include "rassist/enforce/cut.hpp"

#include "common/sessions/narrowing_mark.hpp"
#include "common/sessions/spool_entry.hpp"
#include "common/system/files.hpp"
#include "common/system/files_write.hpp"
#include "common/system/process.hpp"
#include "rassist/enforce/enforce.hpp"
#include "rassist/enforce/folder_watch.hpp"
#include "rassist/frame/terminal.hpp"

#include <sys/inotify.h>

#include <algorithm>
#include <chrono>
#include <ostream>

namespace rassist::cli {

namespace {

using Clock = std::chrono::steady_clock;

/// This is more than the enforcer takes for a session that does not want to end.
constexpr std::chrono::seconds kPatience{10};
/// A person who waits longer is told for what.
constexpr std::chrono::seconds kUntilTold{1};
constexpr Attributes kEntry{
	.mode = 0600, .owner = {}, .group = {}, .replace = true, .durable = false};

/// How many of them have an entry in the spool still.
Result<std::size_t> count_waiting(const Folder& spool, const std::vector<Session>& sessions) {
	const auto names = spool.names();    // they are sorted
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

Error error_not_judged(std::size_t left) {
	return Error{Fault::unavailable,
		format_count(left, "live session") +
			" not looked at yet. The new rules hold for every new login; what ends live sessions "
			"is rassist-enforce.path, "
			"which runs with rassist-relay.service, or by hand: rassist sessions --enforce"};
}

}    // namespace

Result<std::vector<Session>> select_sessions(const Context& context, Role role,
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

Result<int> judge_and_wait(const Context& context, const std::vector<Session>& sessions) {
	if (sessions.empty())
		return 0;
	const auto spool = Folder::open(context.paths.enforce());
	if (!spool)
		return spool.error();
	const auto watch = FolderWatch::open(context.paths.enforce(), IN_DELETE);
	if (!watch)
		return watch.error();
	for (const Session& session : sessions)
		if (auto written = write_file(*spool, format_spool_entry(session), "", kEntry); !written)
			return std::move(written).error();
	const auto begun = Clock::now();
	bool told = false;
	while (true) {
		const auto left = count_waiting(*spool, sessions);
		if (!left)
			return left.error();
		if (*left == 0)
			return static_cast<int>(std::ranges::count_if(sessions, has_ended));
		if (Clock::now() >= begun + kPatience)
			return error_not_judged(*left);
		if (context.terminal && !told && Clock::now() >= begun + kUntilTold) {
			told = true;
			context.err << "Waiting for " << format_count(*left, "session") << " to end…\n";
		}
		const bool may_tell = context.terminal && !told;
		static_cast<void>(watch->wait_until(begun + (may_tell ? kUntilTold : kPatience)));
		static_cast<void>(watch->take_events());
	}
}

Result<int> judge_sessions_of(const Context& context, Role role, const std::string& subject,
	const std::function<bool(const Session&)>& concerned) {
	const auto sessions = select_sessions(context, role, subject, concerned);
	return sessions ? judge_and_wait(context, *sessions) : sessions.error();
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
