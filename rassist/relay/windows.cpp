// windows: which devices are open now, as the relay sees it.
#include "rassist/frame/actions.hpp"
#include "rassist/frame/json_list.hpp"
#include "rassist/frame/terminal.hpp"
#include "rassist/relay/reachable.hpp"
#include "rassist/relay/relay.hpp"

#include "common/admission/store.hpp"

#include <sysexits.h>

#include <algorithm>
#include <ostream>

namespace rassist::cli {

namespace {

struct OpenWindow {
	Grant grant;
	Device device;
	std::optional<Probe> probe{};    ///< none: nothing is known
};

/// Tunnel grants that count (not past their end, of a registered device that is not blocked) and
/// are in use: a window that was closed early leaves its grant behind, without a tunnel. By serial.
Result<std::vector<OpenWindow>> open_windows(
	const Context& context, const std::optional<Scope>& wanted, const Now& now) {
	auto list = list_grants(grant_folder_of(Role::tunnel, context.paths), context.root);
	if (!list)
		return std::move(list).error();
	for (const Error& refused : list->refused)
		context.warn(refused.what + "; this record counts for nothing");
	std::vector<OpenWindow> windows;
	for (Grant& grant : list->grants) {
		const auto serial = Serial::parse(grant.subject);
		if (!serial || !grant.expires || grant.expires->passed(now) ||
			!is_tunnel_up(context.paths, *serial))
			continue;
		auto device = find_device(context.paths, *serial, context.root);
		if (device.failed())
			context.warn(device.error().what + "; this record counts for nothing");
		else if (device.found() && !device->blocked &&
				 (!wanted || wanted->covers(device->serial, device->groups)))
			windows.push_back({std::move(grant), *std::move(device)});
	}
	std::ranges::sort(windows, {}, [](const OpenWindow& window) { return window.grant.subject; });
	return windows;
}

void ask_them(const Context& context, std::vector<OpenWindow>& windows) {
	std::vector<Serial> serials;
	serials.reserve(windows.size());
	for (const OpenWindow& window : windows)
		serials.push_back(window.device.serial);
	if (const auto asked = ask_devices(context, serials); !asked)
		context.warn(asked.error().what);
	for (OpenWindow& window : windows)
		window.probe = probe_of(context, window.device.serial);
}

Json window_json(const OpenWindow& window, const Now& now) {
	Json json = Json::object();
	json.text("serial", window.grant.subject)
		.text("address", window.device.address)
		.text("until", format_utc(window.grant.expires->wall))
		.number("left", window.grant.expires->remaining(now).count())
		.text_or_null("window", window.grant.window ? window.grant.window->str() : "");
	window.probe ? json.put("probe", probe_json(*window.probe, now)) : json.null("probe");
	return json;
}

}    // namespace

Result<int> windows_verb(Context& context, const Arguments& arguments) {
	const auto clock = read_clocks();
	if (!clock)
		return clock.error();
	std::optional<Scope> wanted;
	if (!arguments.operands().empty()) {
		auto pattern = Scope::parse(arguments.operands()[0]);
		if (!pattern)
			return context.usage(pattern.error().what);
		wanted = *std::move(pattern);
	}
	auto windows = open_windows(context, wanted, *clock);
	if (!windows)
		return std::move(windows).error();
	ask_them(context, *windows);
	if (arguments.has("json")) {
		JsonList list(context.out);
		for (const OpenWindow& window : *windows)
			list.add(window_json(window, *clock));
		return EX_OK;
	}
	if (windows->empty()) {
		context.out << (wanted ? "No window of that kind is open.\n" : "No window is open.\n");
		return EX_OK;
	}
	Columns columns({"SERIAL", "ADDRESS", "ITS SSH", "UNTIL", "LEFT"});
	for (const OpenWindow& window : *windows) {
		columns.add({window.grant.subject, window.device.address,
			probe_sentence(window.probe, *clock), local_time(window.grant.expires->wall),
			format_duration(window.grant.expires->remaining(*clock))});
	}
	columns.print(context.out);
	return EX_OK;
}

}    // namespace rassist::cli
