#include "rassist/device/agent_account.hpp"

#include <pwd.h>

namespace rassist::cli {

Result<AgentAccount> find_agent_account(const Context& context) {
	const passwd* entry = getpwnam(context.agent_account.c_str());
	if (entry == nullptr) {
		return Error{Fault::unavailable, "there is no account " + context.agent_account +
											 " on this machine; systemd-sysusers makes it"};
	}
	return AgentAccount{entry->pw_uid, entry->pw_gid};
}

std::optional<AgentStatus> read_agent_status(const Context& context, const Window& window) {
	const auto account = find_agent_account(context);
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
