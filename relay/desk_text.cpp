// desk's answers for people.
#include "relay/desk.hpp"

#include "common/admission/open_in_scope.hpp"

#include <algorithm>

namespace rassist::desk {
namespace {

std::string left_text(const Sight& sight, const Now& now) {
	return format_duration(Deadline{sight.until, {}}.remaining(now));
}

std::string padded(std::string text, std::size_t width) {
	text.resize(std::max(text.size(), width), ' ');
	return text;
}

std::string ago(std::int64_t then, const Now& now) {
	return now.wall > then ? format_duration(std::chrono::seconds(now.wall - then)) + " ago"
						   : "now";
}

std::string probe_cell(const Sight& sight, const Now& now) {
	return sight.probe
			   ? describe_probe_result(sight.probe->result) + ", " + ago(sight.probe->at, now)
			   : "not asked";
}

std::string last_line(const LastEvent& last) {
	return format_utc(last.at) + ": " + last.sentence +
		   (last.id ? " (on the relay: rassist why " + last.id->str() + ")" : "");
}

/// What is worth telling of a device in any state.
std::string more(const Sight& sight) {
	std::string text;
	if (sight.ended)
		text += "  ended    " + last_line(*sight.ended) + "\n";
	if (sight.refusal)
		text += "  refused  " + last_line(*sight.refusal) + "\n";
	if (!sight.note.empty())
		text += "  note     " + sight.note + "\n";
	return text;
}

std::string closed_text(const Sight& sight) {
	const std::string when = sight.closed == 0
								 ? "no window of it was seen here lately"
								 : "its last window ended at " + format_utc(sight.closed);
	return sight.serial.str() + " is closed: " + when +
		   ". The customer has to open one (`rassist open`).\n" + more(sight);
}

std::string down_text(const Sight& sight, const std::string& until) {
	const std::string since = sight.ended ? " since " + format_utc(sight.ended->at) : "";
	return sight.serial.str() + " is not connected" + since +
		   ": its tunnel is down. Its window may last until " + until +
		   ".\nEither the customer closed it before its time (`rassist open` opens another), or "
		   "the device has lost its network: then it comes back by\n"
		   "itself (`rassist status` there says why it does not).\n" +
		   more(sight);
}

std::string no_answer_text(const Sight& sight, const std::string& until, const Now& now) {
	return sight.serial.str() + " does not answer: its tunnel stands since " +
		   format_utc(sight.since) + ", and through it its ssh says: " + probe_cell(sight, now) +
		   ".\nThe device or its network may hang; the relay gives the tunnel up when it stays "
		   "silent. Its window lasts until " +
		   until + ".\n" + more(sight);
}

std::string open_text(const Sight& sight, const std::string& until, const Now& now) {
	const std::string& serial = sight.serial.str();
	std::string text = serial + " is open.\n  since    " + format_utc(sight.since) +
					   "\n  until    " + until + "\n  ssh      " + probe_cell(sight, now) + "\n";
	if (sight.connections)
		text += "  in use   " + std::to_string(*sight.connections) +
				(*sight.connections == 1 ? " connection" : " connections") + " to its ssh now\n";
	text += more(sight);
	return text + "  get in   ssh " + serial + ".rassist\n  http     " + serial +
		   ".rassist:" + std::to_string(kHttpPort) + " on this relay, by `ssh -L`\n";
}

}    // namespace

std::string list_text(const std::vector<Sight>& sights, const Now& now) {
	if (sights.empty())
		return "No device that you may reach is open now.\n";
	std::size_t width = std::string_view("DEVICE").size();
	for (const Sight& sight : sights)
		width = std::max(width, sight.serial.str().size());
	constexpr std::size_t kTime = 22;
	constexpr std::size_t kProbe = 24;
	std::string text = padded("DEVICE", width + 2) + padded("ITS SSH", kProbe) +
					   padded("SINCE", kTime) + padded("UNTIL", kTime) + padded("LEFT", 10) +
					   "NOTE\n";
	for (const Sight& sight : sights) {
		std::string line =
			padded(sight.serial.str(), width + 2) + padded(probe_cell(sight, now), kProbe) +
			padded(format_utc(sight.since), kTime) + padded(format_utc(sight.until), kTime) +
			padded(left_text(sight, now), 10) + sight.note;
		line.erase(line.find_last_not_of(' ') + 1);
		text += line + "\n";
	}
	return text;
}

std::string show_text(const Sight& sight, const Now& now) {
	const std::string& serial = sight.serial.str();
	const std::string until = format_utc(sight.until) + ", " + left_text(sight, now) + " from now";
	switch (sight.state) {
	case DeviceState::blocked:
		return serial + " is blocked on this relay.\n" + more(sight);
	case DeviceState::not_activated:
		return serial +
			   " was never activated: an administrator of the relay makes a token (`rassist device "
			   "token " +
			   serial + "`), which the customer\ntypes on the device (`rassist activate`).\n" +
			   more(sight);
	case DeviceState::closed:
		return closed_text(sight);
	case DeviceState::tunnel_down:
		return down_text(sight, until);
	case DeviceState::no_answer:
		return no_answer_text(sight, until, now);
	case DeviceState::open:
		return open_text(sight, until, now);
	case DeviceState::hidden:
		break;
	}
	return serial + " is not registered here, or is not in your scope.\n";
}

std::string help_text() {
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
