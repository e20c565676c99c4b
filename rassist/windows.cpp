// windows: which devices are open now, as the relay sees it.
#include "rassist/actions.hpp"
#include "rassist/json.hpp"
#include "rassist/relay.hpp"
#include "rassist/terminal.hpp"

#include "common/store.hpp"

#include <sysexits.h>

#include <algorithm>
#include <ostream>

namespace rassist::cli {

namespace {

struct OpenWindow {
	Grant grant;
	Device device;
};

/// Tunnel grants that count (not past their end, of a registered device that is not blocked) and are in use: a window that was closed early leaves
/// its grant behind, without a tunnel. By serial.
Result<std::vector<OpenWindow>> open_windows(const Context& context, const Now& now) {
	auto list = list_grants(place_of(Role::tunnel, context.paths), context.root);
	if (!list) {
		return std::move(list).error();
	}
	for (const Error& refused : list->refused) {
		context.warn(refused.what + "; this record counts for nothing");
	}
	std::vector<OpenWindow> windows;
	for (Grant& grant : list->grants) {
		const auto serial = Serial::parse(grant.subject);
		if (!serial || !grant.expires || grant.expires->passed(now) || !tunnel_is_up(context.paths, *serial)) {
			continue;
		}
		auto device = find_device(context.paths, *serial, context.root);
		if (!device) {
			context.warn(device.error().what + "; this record counts for nothing");
		} else if (*device && !(*device)->blocked) {
			windows.push_back({std::move(grant), **std::move(device)});
		}
	}
	std::ranges::sort(windows, {}, [](const OpenWindow& window) { return window.grant.subject; });
	return windows;
}

Json window_json(const OpenWindow& window, const Now& now) {
	Json json = Json::object();
	json.text("serial", window.grant.subject)
		.text("address", window.device.address)
		.text("until", format_utc(window.grant.expires->wall))
		.number("left", window.grant.expires->remaining(now).count())
		.text_or_null("window", window.grant.window ? window.grant.window->str() : "");
	return json;
}

}    // namespace

Result<int> windows_verb(Context& context, const Arguments& arguments) {
	const auto clock = now();
	if (!clock) {
		return clock.error();
	}
	const auto windows = open_windows(context, *clock);
	if (!windows) {
		return windows.error();
	}
	if (arguments.has("json")) {
		JsonList list(context.out);
		for (const OpenWindow& window : *windows) {
			list.add(window_json(window, *clock));
		}
		return EX_OK;
	}
	if (windows->empty()) {
		context.out << "No window is open.\n";
		return EX_OK;
	}
	Columns columns({"SERIAL", "ADDRESS", "UNTIL", "LEFT"});
	for (const OpenWindow& window : *windows) {
		columns.add({window.grant.subject, window.device.address, local_time(window.grant.expires->wall),
			format_duration(window.grant.expires->remaining(*clock))});
	}
	columns.print(context.out);
	return EX_OK;
}

}    // namespace rassist::cli
