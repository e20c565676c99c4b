#include "common/sessions/session_end.hpp"

#include "common/sessions/session.hpp"
#include "common/system/process.hpp"

#include <signal.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace rassist {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// how long killed processes may take to go: one in an uninterruptible call takes its time
constexpr milliseconds kAfterKill{2000};
constexpr milliseconds kRound{20};
constexpr milliseconds kGoodbye{200};    ///< a hold's last line and the end of its connection

bool has_ended(const UniqueFd& handle) { return wait_process(handle, milliseconds(0)); }

/// A process and everything below it, each held by its pidfd. What is forked meanwhile is found by
/// looking again.
class Tree {
public:
	Tree(pid_t root, UniqueFd handle) { members_.emplace(root, std::move(handle)); }

	/// Adds what is below now. A pid is believed if, while we hold its pidfd and it lives, it is
	/// listed once more: then no stranger has that number.
	void look() {
		std::map<pid_t, UniqueFd> candidates;
		for (const pid_t pid : below())
			if (!members_.contains(pid))
				if (const auto started = read_process_start(pid); started)
					if (auto handle = open_process(pid, *started); handle)
						candidates.emplace(pid, std::move(*handle));
		if (candidates.empty())
			return;
		const auto again = below();
		for (auto& [pid, handle] : candidates)
			if (again.contains(pid) && !has_ended(handle))
				members_.emplace(pid, std::move(handle));
	}

	void forget_the_dead() {
		std::erase_if(
			members_, [](const auto& member) { return has_ended(member.second); });
	}

	void kill_all() const {
		for (const auto& [pid, handle] : members_)
			// one that is gone already is fine
			static_cast<void>(signal_process(handle, SIGKILL));
	}

	[[nodiscard]] bool empty() const { return members_.empty(); }
	[[nodiscard]] const UniqueFd& any() const { return members_.begin()->second; }

private:
	/// Below each member, for one whose parent died is under PID 1 now. Under a member that has
	/// died by the end of the listing its number may be a stranger's.
	[[nodiscard]] std::set<pid_t> below() const {
		std::set<pid_t> found;
		for (const auto& [pid, handle] : members_)
			if (const auto some = find_descendants(pid); !has_ended(handle))
				found.insert(some.begin(), some.end());
		return found;
	}

	std::map<pid_t, UniqueFd> members_;
};

std::string named(const Session& session) {
	return "session " + std::to_string(session.number) + " of " + session.subject + " (process " +
		   std::to_string(session.pid) + ")";
}

/// SIGHUP to what sshd runs for the session: the processes below its own child, which
/// find_descendants() lists last. The session's sshd, where there was anybody to hear it.
std::optional<UniqueFd> ask_to_leave(const Session& session) {
	auto sshd = open_process(session.pid, session.started);
	if (!sshd)
		return std::nullopt;
	auto commands = find_descendants(session.pid);
	if (!commands.empty())
		commands.pop_back();
	bool heard = false;
	for (const pid_t pid : commands)
		if (const auto started = read_process_start(pid); started)
			if (const auto command = open_process(pid, *started); command && !has_ended(*sshd))
				heard = signal_process(*command, SIGHUP).ok() || heard;
	return heard ? std::optional(std::move(*sshd)) : std::nullopt;
}

}    // namespace

Status end_session(const Session& session, milliseconds grace) {
	auto sshd = open_process(session.pid, session.started);
	auto handle = open_process(session.pid, session.started);
	if (!sshd || !handle) {
		const Error& error = sshd ? handle.error() : sshd.error();
		if (error.code == Fault::not_found)
			return Done{};
		return error.within(named(session));
	}
	Tree tree(session.pid, std::move(*handle));
	tree.look();
	if (const auto asked = signal_process(*sshd, SIGTERM); !asked && !has_ended(*sshd))
		return asked.error().within(named(session));
	static_cast<void>(wait_process(*sshd, grace));

	const auto until = steady_clock::now() + kAfterKill;
	while (true) {
		tree.look();
		tree.kill_all();
		tree.forget_the_dead();
		if (tree.empty())
			return Done{};
		if (steady_clock::now() >= until)
			return Error{Fault::busy, named(session) + " does not end, not even by SIGKILL"};
		static_cast<void>(wait_process(tree.any(), kRound));
	}
}

int ask_to_say_goodbye(
	const Paths& paths, Role role, const std::string& subject, std::int64_t number) {
	const auto sessions = list_live_sessions(paths, role, subject);
	if (!sessions)
		return 0;
	int older = 0;
	std::vector<UniqueFd> asked;
	for (const Session& session : *sessions) {
		if (session.number >= number)
			continue;
		++older;
		if (auto sshd = ask_to_leave(session))
			asked.push_back(std::move(*sshd));
	}
	const auto until = steady_clock::now() + kGoodbye;
	for (const UniqueFd& sshd : asked)
		static_cast<void>(
			wait_process(sshd, std::chrono::ceil<milliseconds>(until - steady_clock::now())));
	return older;
}

Result<int> displace_sessions(const Paths& paths, Role role, const std::string& subject,
	std::int64_t number, milliseconds grace) {
	const auto sessions = list_live_sessions(paths, role, subject);
	if (!sessions)
		return sessions.error();
	int ended = 0;
	Status outcome = Done{};
	for (const Session& session : *sessions) {
		if (session.number >= number)
			break;
		++ended;
		auto end = end_session(session, grace);
		if (!end && outcome)    // the others are ended all the same
			outcome = std::move(end);
	}
	if (!outcome)
		return outcome.error();
	return ended;
}

}    // namespace rassist
