#include "window/window_unit.hpp"

#include "common/records/grant.hpp"
#include "common/sessions/session_entry.hpp"
#include "common/system/files.hpp"
#include "common/system/files_write.hpp"
#include "window/texts.hpp"

#include <utility>

namespace rassist::window_unit {
namespace {

/// Remembers what failed and goes on.
class Attempts {
public:
	void operator()(Status done) {
		if (!done)
			troubles_.push_back(std::move(done).error().what);
	}
	[[nodiscard]] std::vector<std::string> take() { return std::move(troubles_); }

private:
	std::vector<std::string> troubles_;
};

/// The record as it is, whatever its deadline says.
std::optional<Window> read_last_record(const Paths& paths, uid_t root) {
	const Result<std::string> text = read_trusted(paths.window(), Trust{.owner = root});
	if (!text)
		return {};
	Result<Window> window = parse_window(*text, paths.window());
	return window ? std::optional<Window>(std::move(*window)) : std::nullopt;
}

/// The id of a window that was opened and not closed; "" where there is none.
std::string read_unswept_window(const Paths& paths, uid_t root) {
	const Result<std::string> text =
		read_trusted(paths.unswept(), Trust{.owner = root, .max_size = 64});
	if (!text)
		return {};
	const Result<Id> id = Id::parse(trimmed(*text));
	return id ? id->str() : "unknown";
}

/// Forgets the sessions that PID 1 has killed, and tells their end. Those of other roles belong to
/// a relay on the same system.
void forget_sessions(const Paths& paths, WindowHost& host, Attempts& attempt) {
	const Result<Now> now = host.now();
	const Result<Folder> folder = Folder::open(paths.sessions());
	const Result<std::vector<std::string>> names =
		folder ? folder->names() : Result<std::vector<std::string>>(folder.error());
	if (!names)
		return;    // no folder, no session
	for (const std::string& name : *names) {
		const std::string prefix = std::string(format_role(Role::assist)) + ".";
		if (!name.starts_with(prefix))
			continue;
		const Result<std::vector<Session>> dead =
			sweep_sessions(paths, Role::assist, name.substr(prefix.size()));
		for (std::size_t i = 0; now && dead && i < dead->size(); ++i)
			host.journal(
				make_session_end_entry(kProgram, (*dead)[i], now->wall, "the window ended"));
		attempt(remove_tree(paths.sessions() + "/" + name));
	}
}

std::string describe_end(const Window& window, const Now& now) {
	return window.deadline.passed(now)
			   ? "its time was over"
			   : "stopped " + format_duration(window.deadline.remaining(now)) + " before its end";
}

}    // namespace

/// Each step does what it can. The record goes first: without it no login is allowed. The mark for
/// the sweep at boot goes last, and only after a clean sweep.
CloseReport WindowUnit::end_window() {
	Attempts attempt;
	attempt(remove_file(paths_.window()));
	attempt(remove_tree(paths_.grants()));
	attempt(remove_tree(paths_.secret()));
	// systemd leaves the folder where the agent ended in back-off
	attempt(remove_file(paths_.agent_run + "/tunnel_key"));
	attempt(remove_tree(paths_.sudoers()));
	attempt(remove_file(paths_.door_config()));
	attempt(forget_wrong_codes(paths_));
	attempt(make_folder(paths_.grants(), 0755));
	attempt(make_folder(paths_.sudoers(), 0750));
	CloseReport closed;
	// The home goes before the sweep, for what is in it brings no process back, and once more after
	// it, for what a process left there meanwhile.
	static_cast<void>(remove_tree(paths_.home()));
	closed.swept = host_.sweep();
	for (const std::string& left : closed.swept.left)
		attempt(Error{Fault::busy, left});
	attempt(remove_tree(paths_.home()));
	forget_sessions(paths_, host_, attempt);
	attempt(host_.stop_timers_except(""));
	closed.troubles = attempt.take();
	if (closed.troubles.empty()) {
		if (Status unmarked = remove_file(paths_.unswept()); !unmarked)
			closed.troubles.push_back(std::move(unmarked).error().what);
	}
	return closed;
}

CloseReport WindowUnit::close() {
	const std::optional<Window> window = read_last_record(paths_, root_);
	const std::string unswept = read_unswept_window(paths_, root_);
	const Result<Now> now = host_.now();
	CloseReport closed = end_window();
	if (window && now) {
		const std::string how = describe_end(*window, *now);
		host_.journal(entry_about(*window, message::kWindowClosed,
			"assistance window " + window->id.str() + " of " + window->serial.str() +
				" closed: " + how)
						  .field("RASSIST_REASON", how));
		host_.say("closed since " + format_clock_time(now->wall, *now) + ", " + how);
	} else if (!unswept.empty()) {
		const std::string how = "ended without a goodbye";
		host_.journal(JournalEntry(kProgram, Priority::notice, message::kWindowClosed,
			"assistance window " + unswept + " had " + how + ": swept now")
						  .field("RASSIST_WINDOW", unswept)
						  .field("RASSIST_REASON", how));
	}
	return closed;
}

Result<CloseReport> WindowUnit::sweep() {
	const Result<bool> up = host_.is_window_up();
	if (!up)
		return up.error();
	if (*up)
		return Error{Fault::busy, "a window is open; it is swept when it ends"};
	return close();
}

}    // namespace rassist::window_unit
