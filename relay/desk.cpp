#include "relay/desk.hpp"

#include "common/admission/open_in_scope.hpp"
#include "common/admission/store.hpp"
#include "common/base/lookup.hpp"
#include "relay/probe_all.hpp"

#include <sysexits.h>

#include <algorithm>
#include <array>

namespace rassist::desk {
namespace {

constexpr std::string_view kWhatToSay =
	"say `list [--json]`, `show SERIAL [--json]`, `take SERIAL` or `help`";

Error refuse_command(std::string_view text) {
	return Error{
		Fault::invalid, quoted(text) + " is nothing this account runs: " + std::string(kWhatToSay)};
}

}    // namespace

Result<DeskCommand> parse_command(std::string_view text) {
	std::vector<std::string> words = split_words(text);
	if (!words.empty() && words[0] == "desk")
		words.erase(words.begin());
	DeskCommand command;
	command.json = !words.empty() && words.back() == "--json";
	if (command.json)
		words.pop_back();
	if (words.empty() || (words.size() == 1 && words[0] == "list")) {
		command.verb = DeskVerb::list;
		return command;
	}
	if (words.size() == 1 && !command.json && (words[0] == "help" || words[0] == "--help")) {
		command.verb = DeskVerb::help;
		return command;
	}
	const bool takes = words.size() == 2 && words[0] == "take" && !command.json;
	if (words.size() != 2 || (words[0] != "show" && !takes))
		return refuse_command(text);
	const Result<Serial> serial = Serial::parse(words[1]);
	if (!serial)
		return serial.error();
	command.verb = takes ? DeskVerb::take : DeskVerb::show;
	command.serial = *serial;
	return command;
}

std::string_view state_word(DeviceState state) {
	switch (state) {
	case DeviceState::blocked:
		return "blocked";
	case DeviceState::not_activated:
		return "not-activated";
	case DeviceState::closed:
		return "closed";
	case DeviceState::tunnel_down:
		return "tunnel-down";
	case DeviceState::no_answer:
		return "no-answer";
	case DeviceState::open:
		return "open";
	case DeviceState::hidden:
		break;
	}
	return "unknown";
}

int exit_status_of(DeviceState state) {
	switch (state) {
	case DeviceState::open:
		return EX_OK;
	case DeviceState::blocked:
	case DeviceState::not_activated:
	case DeviceState::closed:
	case DeviceState::tunnel_down:
	case DeviceState::no_answer:
		return EX_UNAVAILABLE;
	case DeviceState::hidden:
		break;
	}
	return EX_NOHOST;
}

DeviceView view_device(
	const Serial& serial, const Grant& person, const DeviceRecords& known, const Now& now) {
	DeviceView view{
		.serial = serial, .note = {}, .probe = {}, .ended = {}, .refusal = {}, .connections = {}};
	if (!known.device || !covers(person.scope, *known.device))
		return view;
	view.note = known.device->note;
	const bool window =
		known.tunnel && known.tunnel->expires && !known.tunnel->expires->passed(now);
	if (window)
		view.until = known.tunnel->expires->wall;
	if (known.device->blocked) {
		view.state = DeviceState::blocked;
	} else if (window && known.up_since) {
		view.state = DeviceState::open;
		view.since = *known.up_since;
	} else {
		view.state = window            ? DeviceState::tunnel_down
					 : known.activated ? DeviceState::closed
									   : DeviceState::not_activated;
		view.ended = known.ended;
	}
	if (view.state == DeviceState::closed)
		view.closed = std::max(known.ended ? known.ended->at : 0,
			known.tunnel && known.tunnel->expires ? known.tunnel->expires->wall : 0);
	if (known.refusal &&
		known.refusal->at >= std::max(view.since, known.tunnel ? known.tunnel->issued : 0))
		view.refusal = known.refusal;
	return view;
}

DeviceView with_probe(DeviceView view, const std::optional<Probe>& probe) {
	if (view.state != DeviceState::open || !probe)
		return view;
	view.probe = probe;
	if (probe->result != ProbeResult::answers)
		view.state = DeviceState::no_answer;
	return view;
}

DeviceRecords read_device_records(const Paths& paths, const Serial& serial, uid_t root) {
	DeviceRecords known;
	known.device = find_device(paths, serial, root).optional();
	known.tunnel =
		find_grant_of(grant_folder_of(Role::tunnel, paths), serial.str(), root).optional();
	known.up_since = find_tunnel_start(paths, serial);
	if (known.up_since)
		return known;
	if (const Lookup<Grant> identity =
			find_grant_of(grant_folder_of(Role::identity, paths), serial.str(), root);
		!identity.failed())
		known.activated = identity.found();
	known.ended = read_last_event(paths, LastEventKind::hold, serial);
	known.refusal = read_last_event(paths, LastEventKind::enroll, serial);
	return known;
}

std::vector<DeviceView> probe_devices(
	const Paths& paths, std::vector<DeviceView> views, const Now& now, uid_t root) {
	std::vector<probe::ProbeTarget> targets;
	for (const DeviceView& view : views) {
		const Lookup<Device> device = find_device(paths, view.serial, root);
		if (view.state == DeviceState::open && device.found())
			targets.push_back({view.serial, device->address, view.since});
	}
	const probe::ProbeAnswers answers = probe::probe_all(paths, targets, now.wall);
	for (DeviceView& view : views) {
		const auto answer = answers.probes.find(view.serial);
		if (answer != answers.probes.end())
			view = with_probe(std::move(view), answer->second);
	}
	return views;
}

Result<std::vector<DeviceView>> list_open_devices(
	const Paths& paths, const Grant& person, const Now& now, uid_t root) {
	const Result<std::vector<Device>> devices = find_open_in_scope(paths, person.scope, root);
	if (!devices)
		return devices.error();
	std::vector<DeviceView> views;
	for (const Device& device : *devices) {
		DeviceView view = view_device(
			device.serial, person, read_device_records(paths, device.serial, root), now);
		if (view.state == DeviceState::open)
			views.push_back(std::move(view));
	}
	return views;
}

Result<Grant> find_person(const Paths& paths, const Fingerprint& key, const Now& now, uid_t root) {
	const Error gone{Fault::denied, "your key is no longer accepted on this relay"};
	Lookup<Grant> grant = find_grant(grant_folder_of(Role::staff, paths), key, root);
	if (grant.failed())
		return grant.error();
	if (grant.absent() || (grant->expires && grant->expires->passed(now)))
		return gone;
	return *std::move(grant);
}

}    // namespace rassist::desk
