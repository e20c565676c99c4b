#include "rassist/device/window_state.hpp"

#include "rassist/frame/terminal.hpp"

#include <pwd.h>

namespace rassist::cli {

Result<WindowState> read_window(const Context& context) {
	auto clock = read_clocks();
	if (!clock)
		return std::move(clock).error();
	auto window = find_open_window(context.paths, *clock, context.root);
	if (window.failed())
		return std::move(window).error();
	return WindowState{*std::move(clock), std::move(window).optional()};
}

std::int64_t end_of(const Window& window, const Now& now) {
	return now.wall + window.deadline.remaining(now).count();
}

std::string until(const Window& window, const Now& now) {
	return "until " + local_time(end_of(window, now)) + " (" +
		   format_duration(window.deadline.remaining(now)) + " left)";
}

Result<AgentAccount> agent_account(const Context& context) {
	const passwd* entry = getpwnam(context.agent_account.c_str());
	if (entry == nullptr) {
		return Error{Fault::unavailable, "there is no account " + context.agent_account +
											 " on this machine; systemd-sysusers makes it"};
	}
	return AgentAccount{entry->pw_uid, entry->pw_gid};
}

std::optional<AgentStatus> agent_status_of(const Context& context, const Window& window) {
	const auto account = agent_account(context);
	if (!account)
		return std::nullopt;
	auto status = load_agent_status(context.paths, account->uid);
	if (!status) {
		if (status.error().code != Fault::not_found)
			context.warn(status.error().what);
		return std::nullopt;
	}
	if (!status->window.empty() && status->window != window.id.str())
		return std::nullopt;
	return *std::move(status);
}

}    // namespace rassist::cli
