#include "relay/desk.hpp"

#include "common/open_in_scope.hpp"
#include "common/store.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>

namespace rassist::desk {
namespace {

constexpr std::string_view kWhatToSay = "say `list [--json]`, `show SERIAL [--json]`, `take SERIAL` or `help`";

Error refused(std::string_view text) { return Error{Fault::invalid, quoted(text) + " is nothing this account runs: " + std::string(kWhatToSay)}; }

/// Since when the tunnel stands: hold made the file then.
std::optional<std::int64_t> up_since(const Paths& paths, const Serial& serial) {
	struct stat status {};
	if (!tunnel_is_up(paths, serial) || ::lstat((paths.ready() + "/" + serial.str()).c_str(), &status) != 0)
		return std::nullopt;
	return status.st_mtim.tv_sec;
}

std::string left_text(const Sight& sight, const Now& now) { return format_duration(Deadline{sight.until, {}}.remaining(now)); }

std::string padded(std::string text, std::size_t width) {
	text.resize(std::max(text.size(), width), ' ');
	return text;
}

}    // namespace

Result<Command> parse_command(std::string_view text) {
	std::vector<std::string> words = split_words(text);
	if (!words.empty() && words[0] == "desk")
		words.erase(words.begin());
	Command command;
	command.json = !words.empty() && words.back() == "--json";
	if (command.json)
		words.pop_back();
	if (words.empty() || (words.size() == 1 && words[0] == "list")) {
		command.verb = Verb::list;
		return command;
	}
	if (words.size() == 1 && !command.json && (words[0] == "help" || words[0] == "--help")) {
		command.verb = Verb::help;
		return command;
	}
	const bool takes = words.size() == 2 && words[0] == "take" && !command.json;
	if (words.size() != 2 || (words[0] != "show" && !takes))
		return refused(text);
	const Result<Serial> serial = Serial::parse(words[1]);
	if (!serial)
		return serial.error();
	command.verb = takes ? Verb::take : Verb::show;
	command.serial = *serial;
	return command;
}

std::string_view state_word(State state) {
	switch (state) {
	case State::blocked:
		return "blocked";
	case State::closed:
		return "closed";
	case State::tunnel_down:
		return "tunnel-down";
	case State::open:
		return "open";
	case State::hidden:
		break;
	}
	return "unknown";
}

Sight sight_of(const Serial& serial, const Grant& person, const Known& known, const Now& now) {
	Sight sight{serial, State::hidden, 0, 0, {}};
	if (!known.device || !covers(person.scope, *known.device))
		return sight;
	sight.note = known.device->note;
	const bool window = known.tunnel && known.tunnel->expires && !known.tunnel->expires->passed(now);
	if (known.device->blocked) {
		sight.state = State::blocked;
	} else if (!window) {
		sight.state = State::closed;
	} else {
		sight.until = known.tunnel->expires->wall;
		sight.state = known.up_since ? State::open : State::tunnel_down;
		sight.since = known.up_since.value_or(0);
	}
	return sight;
}

Known look_up(const Paths& paths, const Serial& serial, uid_t root) {
	Known known;
	if (Result<std::optional<Device>> device = find_device(paths, serial, root))
		known.device = *std::move(device);
	if (Result<std::optional<Grant>> tunnel = find_grant_of(place_of(Role::tunnel, paths), serial.str(), root))
		known.tunnel = *std::move(tunnel);
	known.up_since = up_since(paths, serial);
	return known;
}

Result<std::vector<Sight>> open_now(const Paths& paths, const Grant& person, const Now& now, uid_t root) {
	const Result<std::vector<Device>> devices = open_in_scope(paths, person.scope, root);
	if (!devices)
		return devices.error();
	std::vector<Sight> sights;
	for (const Device& device : *devices) {
		Sight sight = sight_of(device.serial, person, look_up(paths, device.serial, root), now);
		if (sight.state == State::open)
			sights.push_back(std::move(sight));
	}
	return sights;
}

Result<Grant> person_of(const Paths& paths, const Fingerprint& key, const Now& now, uid_t root) {
	const Error gone{Fault::denied, "your key is no longer accepted on this relay"};
	Result<std::optional<Grant>> grant = find_grant(place_of(Role::staff, paths), key, root);
	if (!grant)
		return grant.error();
	if (!grant.value() || ((*grant)->expires && (*grant)->expires->passed(now)))
		return gone;
	return **std::move(grant);
}

std::string list_text(const std::vector<Sight>& sights, const Now& now) {
	if (sights.empty())
		return "No device that you may reach is open now.\n";
	std::size_t width = std::string_view("DEVICE").size();
	for (const Sight& sight : sights)
		width = std::max(width, sight.serial.str().size());
	constexpr std::size_t kTime = 22;
	std::string text = padded("DEVICE", width + 2) + padded("SINCE", kTime) + padded("UNTIL", kTime) + padded("LEFT", 10) + "NOTE\n";
	for (const Sight& sight : sights) {
		std::string line = padded(sight.serial.str(), width + 2) + padded(format_utc(sight.since), kTime) + padded(format_utc(sight.until), kTime) +
						   padded(left_text(sight, now), 10) + sight.note;
		line.erase(line.find_last_not_of(' ') + 1);
		text += line + "\n";
	}
	return text;
}

std::string show_text(const Sight& sight, const Now& now) {
	const std::string& serial = sight.serial.str();
	const std::string note = sight.note.empty() ? "" : "  note   " + sight.note + "\n";
	const std::string until = format_utc(sight.until) + ", " + left_text(sight, now) + " from now";
	switch (sight.state) {
	case State::blocked:
		return serial + " is blocked on this relay.\n" + note;
	case State::closed:
		return serial + " is closed: the customer has to open a window (`rassist open`).\n" + note;
	case State::tunnel_down:
		return serial + " is not connected: its window is open until " + until +
			   ",\nbut its tunnel is down. It comes back by itself when the device's network does.\n" + note;
	case State::open:
		return serial + " is open.\n  since  " + format_utc(sight.since) + "\n  until  " + until + "\n" + note + "  ssh    ssh " + serial +
			   ".rassist\n  http   " + serial + ".rassist:" + std::to_string(kHttpPort) + " on this relay, by `ssh -L`\n";
	case State::hidden:
		break;
	}
	return serial + " is not registered here, or is not in your scope.\n";
}

std::string help_text() {
	return "list [--json]          the devices that are open now and that you may reach\n"
		   "show SERIAL [--json]   one device: whether it can be reached, and if not, why\n"
		   "take SERIAL            the device comes first in your next connection: for those who have more than " +
		   std::to_string(kLineCarries) +
		   " open\n"
		   "help                   this text\n"
		   "\n"
		   "To log in to a device, use this relay as the jump host:  ssh -o UserKnownHostsFile=/dev/null -J rassist-support@RELAY -p " +
		   std::to_string(kSshPort) + " rassist@SERIAL.rassist\n";
}

}    // namespace rassist::desk
