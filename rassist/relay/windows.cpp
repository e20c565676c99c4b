// windows: it lists which devices are open now, as the relay sees it.
#include "rassist/frame/actions.hpp"
#include "rassist/frame/json_list.hpp"
#include "rassist/frame/terminal.hpp"
#include "rassist/relay/device_probes.hpp"
#include "rassist/relay/grants.hpp"

#include "common/records/registry.hpp"
#include "common/system/clock.hpp"

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

/// The tunnel grants, by serial, that count (they are not past their end, and their device is
/// registered and not blocked) and are in use: a window that was closed early leaves its grant
/// behind, without a tunnel.
Result<std::vector<OpenWindow>> list_open_windows(
	const Context& context, const std::optional<Scope>& wanted, const Now& now) {
	auto grants = list_grants_of_role(context, Role::tunnel);
	if (!grants)
		return std::move(grants).error();
	std::vector<OpenWindow> windows;
	for (Grant& grant : *grants) {
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

void probe_windows(const Context& context, std::vector<OpenWindow>& windows) {
	std::vector<Serial> serials;
	serials.reserve(windows.size());
	for (const OpenWindow& window : windows)
		serials.push_back(window.device.serial);
	if (const auto asked = probe_devices(context, serials); !asked)
		context.warn(asked.error().what);
	for (OpenWindow& window : windows)
		window.probe = read_fresh_probe(context, window.device.serial);
}

Json make_window_json(const OpenWindow& window, const Now& now) {
	Json json = Json::object();
	json.text("serial", window.grant.subject)
		.text("address", window.device.address)
		.text("until", format_utc(window.grant.expires->wall))
		.number("left", window.grant.expires->remaining(now).count())
		.text_or_null("window", window.grant.window ? window.grant.window->str() : "");
	window.probe ? json.put("probe", make_probe_json(*window.probe, now)) : json.null("probe");
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
	auto windows = list_open_windows(context, wanted, *clock);
	if (!windows)
		return std::move(windows).error();
	probe_windows(context, *windows);
	if (arguments.has("json")) {
		JsonList list(context.out);
		for (const OpenWindow& window : *windows)
			list.add(make_window_json(window, *clock));
		return EX_OK;
	}
	if (windows->empty()) {
		context.out << (wanted ? "No window of that kind is open.\n" : "No window is open.\n");
		return EX_OK;
	}
	Columns columns({"SERIAL", "ADDRESS", "ITS SSH", "UNTIL", "LEFT"});
	for (const OpenWindow& window : *windows) {
		columns.add({window.grant.subject, window.device.address,
			format_probe(window.probe, *clock), format_local_time(window.grant.expires->wall),
			format_duration(window.grant.expires->remaining(*clock))});
	}
	columns.print(context.out);
	return EX_OK;
}

}    // namespace rassist::cli
