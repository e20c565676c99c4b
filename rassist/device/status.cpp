// status: it is for everybody, so it reads only what everybody may read, and says where root would
// be told more.
#include "common/base/json.hpp"
#include "rassist/device/agent_account.hpp"
#include "rassist/device/window_state.hpp"
#include "rassist/frame/actions.hpp"
#include "rassist/frame/terminal.hpp"

#include "common/records/agent_status.hpp"
#include "common/records/config.hpp"
#include "common/sessions/session.hpp"
#include "rassist/frame/published_places_json.hpp"

#include <sysexits.h>

#include <ostream>

namespace rassist::cli {

namespace {

struct DeviceStatus {
	WindowState window;
	std::optional<AgentStatus> agent;       ///< none: no agent runs
	std::optional<std::size_t> sessions;    ///< none: their records are not believed
	bool typed_code = false;                ///< by the config
	std::optional<int> wrong_codes;         ///< none: only root may see it
	std::string damage;                     ///< what keeps codes from being typed, besides
};

Result<DeviceStatus> read_status(const Context& context) {
	auto window = read_window(context);
	if (!window)
		return std::move(window).error();
	DeviceStatus status;
	status.window = *std::move(window);
	const auto config = load_config(context.paths, context.root);
	if (!config) {
		context.warn(
			config.error().what + (status.window.window ? "; nobody can log in while it is so"
														: "; no window opens while it is so"));
		status.damage = "the configuration is broken";
	}
	status.typed_code = config && config->typed_code;
	if (!status.window.window)
		return status;
	status.agent = read_agent_status(context, *status.window.window);
	if (const auto sessions = list_live_sessions(context.paths)) {
		for (const Error& refused : sessions->refused)
			context.warn(refused.what);
		if (sessions->refused.empty())
			status.sessions = sessions->sessions.size();
	} else {
		context.warn(sessions.error().what);
	}
	if (context.is_root()) {
		if (const auto wrong = read_wrong_codes(context.paths, context.root)) {
			status.wrong_codes = *wrong;
		} else {
			context.warn(wrong.error().what + "; no code can be typed while it is so");
			status.damage =
				status.damage.empty() ? "the count of wrong ones is broken" : status.damage;
		}
	}
	return status;
}

bool typed_code_counts(const DeviceStatus& status) {
	return status.damage.empty() && status.typed_code &&
		   status.wrong_codes.value_or(0) < kWrongCodesAllowed;
}

std::string format_tunnel(const DeviceStatus& status) {
	if (!status.agent)
		return "no agent runs; see: systemctl status rassist-tunnel.service";
	const AgentStatus& agent = *status.agent;
	const std::string relay = agent.relay.empty() ? "the relay" : escape_for_terminal(agent.relay);
	const std::string since = agent.since > 0 ? " since " + format_local_time(agent.since) : "";
	std::string text;
	switch (agent.state) {
	case AgentState::starting:
		text = "starting";
		break;
	case AgentState::enrolling:
		text = "asking " + relay + " to let this device in";
		break;
	case AgentState::connecting:
		text = "connecting to " + relay;
		break;
	case AgentState::up:
		text = "up, by " + relay + since;
		break;
	case AgentState::waiting:
		text = "down" + since;
		break;
	case AgentState::refused:
		text = "refused by " + relay + since;
		break;
	case AgentState::ended:
		text = "down: the window is over";
		break;
	}
	if (!agent.last_error.empty())
		text += ": " + escape_for_terminal(agent.last_error);
	return agent.next_try > 0 ? text + "; next try " + format_local_time(agent.next_try) : text;
}

std::string format_typed_code(const DeviceStatus& status) {
	if (!status.damage.empty())
		return "off: " + status.damage;
	if (!status.typed_code)
		return "off (typed-code in rassist.conf)";
	if (!status.wrong_codes) {
		return "on, until " + std::to_string(kWrongCodesAllowed) +
			   " wrong ones; only root is told how many there were";
	}
	const std::string wrong = std::to_string(*status.wrong_codes) + " of " +
							  std::to_string(kWrongCodesAllowed) + " wrong ones so far";
	return typed_code_counts(status)
			   ? "on, " + wrong
			   : "off for the rest of this window, after " + std::to_string(*status.wrong_codes) +
					 " wrong ones; the key works";
}

void print_text(const Context& context, const DeviceStatus& status) {
	if (!status.window.window) {
		context.out << "Window     closed\n";
		return;
	}
	const Window& window = *status.window.window;
	context.out << "Window     open " << format_until(window, status.window.now) << "\n"
				<< "Serial     " << window.serial.str() << "\n"
				<< "Tunnel     " << format_tunnel(status) << "\n"
				<< "Sessions   " << (status.sessions ? std::to_string(*status.sessions) : "unknown")
				<< (status.sessions != 0 ? "   (rassist sessions)" : "") << "\n"
				<< "Typed code " << format_typed_code(status) << "\n";
	if (status.agent && !status.agent->published.empty()) {
		context.out << "Published  by the relay, to support's networks: "
					<< format_published_places(status.agent->published) << "\n";
	}
	if (status.agent && !status.agent->unpublished.empty())
		context.out << "Not public " << escape_for_terminal(status.agent->unpublished) << "\n";
}

Json make_agent_json(const AgentStatus& agent) {
	const auto time = [](std::int64_t seconds) {
		return seconds > 0 ? format_utc(seconds) : std::string();
	};
	Json json = Json::object();
	json.text("state", format_agent_state(agent.state))
		.text_or_null("relay", agent.relay)
		.text_or_null("relay_name", agent.relay_name)
		.text_or_null("address", agent.address)
		.put("published", make_published_places_json(agent.published))
		.text_or_null("unpublished", agent.unpublished)
		.text_or_null("since", time(agent.since))
		.text_or_null("until", time(agent.until))
		.text_or_null("trouble",
			agent.trouble == Trouble::none ? std::string_view() : format_trouble(agent.trouble))
		.text_or_null("last_error", agent.last_error)
		.text_or_null("next_try", time(agent.next_try));
	return json;
}

void print_json(const Context& context, const DeviceStatus& status) {
	Json json = Json::object();
	json.flag("open", status.window.window.has_value());
	if (status.window.window) {
		const Window& window = *status.window.window;
		Json typed = Json::object();
		typed.flag("on", typed_code_counts(status)).number("allowed_wrong", kWrongCodesAllowed);
		status.wrong_codes ? typed.number("wrong", *status.wrong_codes) : typed.null("wrong");
		json.text("serial", window.serial.str())
			.text("window", window.id.str())
			.text("opened", format_utc(window.opened))
			.text("until", format_utc(window_end_of(window, status.window.now)))
			.number("left", window.deadline.remaining(status.window.now).count());
		status.sessions ? json.number("sessions", static_cast<std::int64_t>(*status.sessions))
						: json.null("sessions");
		json.put("typed_code", std::move(typed));
		status.agent ? json.put("tunnel", make_agent_json(*status.agent)) : json.null("tunnel");
	}
	context.out << json.print() << "\n";
}

}    // namespace

Result<int> status_verb(Context& context, const Arguments& arguments) {
	const auto status = read_status(context);
	if (!status)
		return status.error();
	(arguments.has("json") ? print_json : print_text)(context, *status);
	return status->window.window ? EX_OK : kExitClosed;
}

}    // namespace rassist::cli
