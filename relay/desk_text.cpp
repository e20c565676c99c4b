// desk's answers as people read them.
#include "relay/desk.hpp"

#include "common/admission/open_in_scope.hpp"

#include <algorithm>

namespace rassist::desk {
namespace {

std::string format_left(const DeviceView& view, const Now& now) {
	return format_duration(Deadline{view.until, {}}.remaining(now));
}

std::string padded(std::string text, std::size_t width) {
	text.resize(std::max(text.size(), width), ' ');
	return text;
}

std::string format_ago(std::int64_t then, const Now& now) {
	return now.wall > then ? format_duration(std::chrono::seconds(now.wall - then)) + " ago"
						   : "now";
}

std::string format_probe_cell(const DeviceView& view, const Now& now) {
	return view.probe
			   ? describe_probe_result(view.probe->result) + ", " + format_ago(view.probe->at, now)
			   : "not asked";
}

std::string format_last_event_line(const LastEvent& last) {
	return format_utc(last.at) + ": " + last.sentence +
		   (last.id ? " (on the relay: rassist why " + last.id->str() + ")" : "");
}

/// What is worth telling of a device in any state.
std::string format_extras(const DeviceView& view) {
	std::string text;
	if (view.ended)
		text += "  ended    " + format_last_event_line(*view.ended) + "\n";
	if (view.refusal)
		text += "  refused  " + format_last_event_line(*view.refusal) + "\n";
	if (!view.note.empty())
		text += "  note     " + view.note + "\n";
	return text;
}

std::string format_closed(const DeviceView& view) {
	const std::string when = view.closed == 0
								 ? "no window of it was seen here lately"
								 : "its last window ended at " + format_utc(view.closed);
	return view.serial.str() + " is closed: " + when +
		   ". The customer has to open one (`rassist open`).\n" + format_extras(view);
}

std::string format_tunnel_down(const DeviceView& view, const std::string& until) {
	const std::string since = view.ended ? " since " + format_utc(view.ended->at) : "";
	return view.serial.str() + " is not connected" + since +
		   ": its tunnel is down. Its window may last until " + until +
		   ".\nEither the customer closed it before its time (`rassist open` opens another), or "
		   "the device has lost its network: then it comes back by\n"
		   "itself (`rassist status` there says why it does not).\n" +
		   format_extras(view);
}

std::string format_no_answer(const DeviceView& view, const std::string& until, const Now& now) {
	return view.serial.str() + " does not answer: its tunnel stands since " +
		   format_utc(view.since) +
		   ", and through it its ssh says: " + format_probe_cell(view, now) +
		   ".\nThe device or its network may hang; the relay gives the tunnel up when it stays "
		   "silent. Its window lasts until " +
		   until + ".\n" + format_extras(view);
}

std::string format_open(const DeviceView& view, const std::string& until, const Now& now) {
	const std::string& serial = view.serial.str();
	std::string text = serial + " is open.\n  since    " + format_utc(view.since) +
					   "\n  until    " + until + "\n  ssh      " + format_probe_cell(view, now) +
					   "\n";
	if (view.connections)
		text += "  in use   " + std::to_string(*view.connections) +
				(*view.connections == 1 ? " connection" : " connections") + " to its ssh now\n";
	text += format_extras(view);
	return text + "  get in   ssh " + serial + ".rassist\n  http     " + serial +
		   ".rassist:" + std::to_string(kHttpPort) + " on this relay, by `ssh -L`\n";
}

}    // namespace

std::string format_list(const std::vector<DeviceView>& views, const Now& now) {
	if (views.empty())
		return "No device that you may reach is open now.\n";
	std::size_t width = std::string_view("DEVICE").size();
	for (const DeviceView& view : views)
		width = std::max(width, view.serial.str().size());
	constexpr std::size_t kTime = 22;
	constexpr std::size_t kProbe = 24;
	std::string text = padded("DEVICE", width + 2) + padded("ITS SSH", kProbe) +
					   padded("SINCE", kTime) + padded("UNTIL", kTime) + padded("LEFT", 10) +
					   "NOTE\n";
	for (const DeviceView& view : views) {
		std::string line =
			padded(view.serial.str(), width + 2) + padded(format_probe_cell(view, now), kProbe) +
			padded(format_utc(view.since), kTime) + padded(format_utc(view.until), kTime) +
			padded(format_left(view, now), 10) + view.note;
		line.erase(line.find_last_not_of(' ') + 1);
		text += line + "\n";
	}
	return text;
}

std::string format_device_view(const DeviceView& view, const Now& now) {
	const std::string& serial = view.serial.str();
	const std::string until = format_utc(view.until) + ", " + format_left(view, now) + " from now";
	switch (view.state) {
	case DeviceState::blocked:
		return serial + " is blocked on this relay.\n" + format_extras(view);
	case DeviceState::not_activated:
		return serial +
			   " was never activated: an administrator of the relay makes a token (`rassist device "
			   "token " +
			   serial + "`), which the customer\ntypes on the device (`rassist activate`).\n" +
			   format_extras(view);
	case DeviceState::closed:
		return format_closed(view);
	case DeviceState::tunnel_down:
		return format_tunnel_down(view, until);
	case DeviceState::no_answer:
		return format_no_answer(view, until, now);
	case DeviceState::open:
		return format_open(view, until, now);
	case DeviceState::hidden:
		break;
	}
	return serial + " is not registered here, or is not in your scope.\n";
}

std::string format_help() {
	return "list [--json]          the devices that are open now and that you may reach\n"
		   "show SERIAL [--json]   one device: whether it can be reached, and if not, why\n"
		   "take SERIAL            the device comes first in your next connection: for those who "
		   "have more than " +
		   std::to_string(kLineCarries) +
		   " open\n"
		   "help                   this text\n"
		   "\n"
		   "To log in to a device, use this relay as the jump host:  ssh -o "
		   "UserKnownHostsFile=/dev/null -J rassist-support@RELAY -p " +
		   std::to_string(kSshPort) + " rassist@SERIAL.rassist\n";
}

}    // namespace rassist::desk
