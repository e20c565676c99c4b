// device list, device show: what the relay knows of its devices.
#include "rassist/enforce/session_list.hpp"
#include "rassist/frame/actions.hpp"
#include "rassist/frame/json_list.hpp"
#include "rassist/frame/terminal.hpp"
#include "rassist/relay/publish.hpp"
#include "rassist/relay/reachable.hpp"
#include "rassist/relay/relay.hpp"

#include "common/admission/group_index.hpp"
#include "common/admission/open_in_scope.hpp"
#include "common/admission/store.hpp"
#include "common/base/lookup.hpp"
#include "common/keys/digest.hpp"
#include "common/records/last_event.hpp"
#include "common/system/files.hpp"
#include "common/system/listing.hpp"
#include "rassist/frame/published_places_json.hpp"

#include <sysexits.h>

#include <algorithm>
#include <array>
#include <limits>
#include <ostream>
#include <set>

namespace rassist::cli {

namespace {

Json device_json(const Context& context, const Device& device) {
	Json groups = Json::array();
	for (const Name& group : device.groups)
		groups.add(group.str());
	Json json = Json::object();
	json.text("serial", device.serial.str())
		.text("address", device.address)
		.flag("blocked", device.blocked)
		.flag("tunnel", is_tunnel_up(context.paths, device.serial))
		.put("groups", std::move(groups))
		.put("published", publication_json(context, device.serial))
		.text("note", device.note)
		.text("added", format_utc(device.added));
	return json;
}

std::string group_words(const Device& device) {
	std::string text;
	for (const Name& group : device.groups)
		text += (text.empty() ? "" : " ") + group.str();
	return text;
}

std::string padded(std::string text, std::size_t width) {
	text.resize(std::max(width, text.size()), ' ');
	return text + "  ";
}

std::string state_of(const Context& context, const Device& device) {
	return device.blocked                               ? "blocked"
		   : is_tunnel_up(context.paths, device.serial) ? "open"
														: "closed";
}

constexpr std::size_t kSorted = 10'000;    ///< names held at a time

/// What is to be listed.
struct Filter {
	std::vector<Scope> patterns;
	std::string state;    ///< "" for any

	[[nodiscard]] bool may_cover(const Serial& serial) const {
		return std::ranges::any_of(
			patterns, [&](const Scope& one) { return one.group() || one.covers(serial, {}); });
	}
};

Result<Filter> filter_of(const Arguments& arguments) {
	Filter filter{{}, arguments.value("state")};
	constexpr std::array<std::string_view, 4> kStates{"", "open", "closed", "blocked"};
	if (std::ranges::find(kStates, filter.state) == kStates.end()) {
		return Error{Fault::invalid,
			"--state: " + quoted(filter.state) + " is none of open, closed, blocked"};
	}
	for (const std::string& word : arguments.operands()) {
		auto pattern = Scope::parse(word);
		if (!pattern)
			return std::move(pattern).error();
		filter.patterns.push_back(*std::move(pattern));
	}
	if (filter.patterns.empty())
		filter.patterns.push_back(*Scope::parse("*"));
	return filter;
}

/// Serials that the patterns name outright, or by groups that have an index; nullopt where all
/// names have to be looked at.
std::optional<std::set<Serial>> named(const Context& context, const Filter& filter) {
	std::set<Serial> serials;
	for (const Scope& pattern : filter.patterns) {
		if (const auto serial = pattern.serial()) {
			serials.insert(*serial);
			continue;
		}
		const auto group = pattern.group();
		const auto members =
			group ? GroupMembers::open(context.paths, *group, context.root) : std::nullopt;
		const auto all =
			members ? members->first(std::numeric_limits<std::size_t>::max()) : std::nullopt;
		if (!all)
			return std::nullopt;
		serials.insert(all->begin(), all->end());
	}
	return serials;
}

/// Calls for each of these that the filter lets through.
template <class Serials, class Call>
void each_of(const Context& context, const Filter& filter, const Serials& serials, Call call) {
	for (const Serial& serial : serials) {
		const auto device = find_device(context.paths, serial, context.root);
		if (device.failed())
			context.warn(device.error().what + "; this record counts for nothing");
		else if (device.found() && covers(filter.patterns, *device) &&
				 (filter.state.empty() || state_of(context, *device) == filter.state))
			call(*device);
	}
}

/// Calls for each registered device that the filter lets through, one record held at a time: a
/// registry may be long.
template <class Call> Status each_device(const Context& context, const Filter& filter, Call call) {
	const auto folder = Folder::open(context.paths.devices());
	if (!folder)
		return folder.error().code == Fault::not_found ? no_registry(context) : folder.error();
	if (filter.state == "open") {
		const auto open = find_open_in_scope(context.paths, filter.patterns, context.root);
		if (!open)
			return open.error();
		std::ranges::for_each(*open, call);
		return Done{};
	}
	if (const auto few = named(context, filter)) {
		each_of(context, filter, *few, call);
		return Done{};
	}
	std::vector<Serial> some;
	const auto list_some = [&] {
		std::ranges::sort(some);
		each_of(context, filter, some, call);
		some.clear();
	};
	auto read = for_each_name(folder->fd(), [&](std::string_view name) {
		const auto serial = Serial::parse(name);
		if (serial && filter.may_cover(*serial)) {
			some.push_back(*serial);
		} else if (!serial && name.front() != '.') {
			context.warn(
				folder->path() + ": " + serial.error().what + "; this record counts for nothing");
		}
		if (some.size() == kSorted) {
			list_some();
		}
		return true;
	});
	list_some();
	return read;
}

/// What stands beside the registry for one device.
struct Details {
	Device device;
	std::optional<Grant> identity;
	std::optional<Grant> activation;    ///< not used yet
	std::optional<Grant> tunnel;        ///< of the window that is open now
	std::vector<Session> sessions;
	std::optional<Probe> probe{};          ///< what its ssh says through the tunnel
	std::optional<LastEvent> ended{};      ///< how its last tunnel ended
	std::optional<LastEvent> refusal{};    ///< the last time the relay refused it
};

/// A grant that counts now: one past its end is as good as none.
Lookup<Grant> live_grant(const Context& context, Role role, const Serial& serial, const Now& now) {
	auto grant = find_grant_of(grant_folder_of(role, context.paths), serial.str(), context.root);
	if (grant.found() && grant->expires && grant->expires->passed(now))
		return std::nullopt;
	return grant;
}

Result<Details> details_of(const Context& context, Device device) {
	const auto clock = read_clocks();
	if (!clock)
		return clock.error();
	Details details{std::move(device), {}, {}, {}, {}};
	const Serial& serial = details.device.serial;
	const std::array<std::pair<Role, std::optional<Grant>*>, 3> wanted{
		{{Role::identity, &details.identity}, {Role::activation, &details.activation},
			{Role::tunnel, &details.tunnel}}};
	for (const auto& [role, place] : wanted) {
		auto grant = live_grant(context, role, serial, *clock);
		if (grant.failed()) {
			context.warn(grant.error().what + "; this record counts for nothing");
			continue;
		}
		*place = std::move(grant).optional();
	}
	for (const Role role : {Role::tunnel, Role::identity, Role::activation}) {
		auto sessions = list_live_sessions(context.paths, role, serial.str());
		if (!sessions)
			return std::move(sessions).error();
		std::move(sessions->begin(), sessions->end(), std::back_inserter(details.sessions));
	}
	if (is_tunnel_up(context.paths, serial)) {
		if (const auto asked = ask_devices(context, {serial}); !asked)
			context.warn(asked.error().what);
		details.probe = probe_of(context, serial);
	}
	details.ended = read_last_event(context.paths, LastEventKind::hold, serial);
	details.refusal = read_last_event(context.paths, LastEventKind::enroll, serial);
	return details;
}

Json last_event_json(const LastEvent& last) {
	Json json = Json::object();
	json.text("at", format_utc(last.at))
		.text("reason", last.reason)
		.text("sentence", last.sentence);
	json.text_or_null("id", last.id ? last.id->str() : "")
		.text_or_null("window", last.window ? last.window->str() : "");
	return json;
}

std::string last_event_sentence(const std::optional<LastEvent>& last) {
	return last ? local_time(last->at) + ": " + shown(last->sentence) +
					  (last->id ? " (rassist why " + last->id->str() + ")" : "")
				: "none lately";
}

std::string utc_end(const std::optional<Grant>& grant) {
	return grant && grant->expires ? format_utc(grant->expires->wall) : "";
}
std::string local_end(const std::optional<Grant>& grant) {
	return grant && grant->expires ? "until " + local_time(grant->expires->wall) : "none";
}

void print_json(const Context& context, const Details& details) {
	Json sessions = Json::array();
	for (const Session& session : details.sessions)
		sessions.add(session_json(session));
	Json json = device_json(context, details.device);
	json.text_or_null(
			"identity", details.identity ? fingerprint_of(details.identity->key).str() : "")
		.text_or_null("activation_until", utc_end(details.activation))
		.text_or_null("window_until", utc_end(details.tunnel))
		.text_or_null(
			"window", details.tunnel && details.tunnel->window ? details.tunnel->window->str() : "")
		.text_or_null(
			"twin", details.tunnel && details.tunnel->twin ? format_utc(*details.tunnel->twin) : "")
		.put("places",
			published_places_json(
				read_published_places(context.paths, details.device.serial, context.root).places))
		.put("sessions", std::move(sessions));
	if (const auto clock = read_clocks(); clock && details.probe)
		json.put("probe", probe_json(*details.probe, *clock));
	if (details.ended)
		json.put("ended", last_event_json(*details.ended));
	if (details.refusal)
		json.put("refused", last_event_json(*details.refusal));
	context.out << json.print() << "\n";
}

void print_text(const Context& context, const Details& details) {
	const Device& device = details.device;
	const std::string identity = details.identity ? fingerprint_of(details.identity->key).str()
												  : "none: it was not activated yet";
	context.out << "Device       " << context.bold(device.serial.str()) << "\n"
				<< "Registered   " << local_time(device.added) << "\n"
				<< "Address      " << device.address << "\n"
				<< "Blocked      " << (device.blocked ? "yes" : "no") << "\n"
				<< "Groups       " << (device.groups.empty() ? "none" : group_words(device)) << "\n"
				<< "Note         " << (device.note.empty() ? "none" : shown(device.note)) << "\n"
				<< "Identity     " << identity << "\n"
				<< "Token        " << local_end(details.activation) << "\n"
				<< "Window       " << (details.tunnel ? "open, " : "") << local_end(details.tunnel)
				<< "\n"
				<< "Tunnel       " << (is_tunnel_up(context.paths, device.serial) ? "up" : "down")
				<< "\n";
	if (details.tunnel && details.tunnel->twin) {
		context.out << "Warning      two machines use this identity, the other one last at "
					<< local_time(*details.tunnel->twin)
					<< ": one is a copy and needs a serial of its own\n";
	}
	std::string_view label = "Published    ";
	for (const std::string& line : publication_lines(context, device.serial))
		context.out << std::exchange(label, "             ") << line << "\n";
	if (const auto clock = read_clocks(); clock && is_tunnel_up(context.paths, device.serial))
		context.out << "Its ssh      " << probe_sentence(details.probe, *clock) << "\n";
	context.out << "Last ended   " << last_event_sentence(details.ended) << "\n"
				<< "Last refused " << last_event_sentence(details.refusal) << "\n";
	if (!details.sessions.empty()) {
		context.out << "\n";
		print_sessions(context.out, details.sessions);
	}
}

}    // namespace

Result<int> device_list_verb(Context& context, const Arguments& arguments) {
	const auto filter = filter_of(arguments);
	if (!filter)
		return context.usage(filter.error().what);
	if (arguments.has("json")) {
		JsonList list(context.out);
		if (auto done = each_device(context, *filter,
				[&](const Device& device) { list.add(device_json(context, device)); });
			!done)
			return std::move(done).error();
		return EX_OK;
	}
	bool any = false;
	auto done = each_device(context, *filter, [&](const Device& device) {
		if (!std::exchange(any, true))
			context.out << "SERIAL                ADDRESS          STATE    GROUPS\n";
		context.out << padded(device.serial.str(), 20) << padded(device.address, 15)
					<< padded(state_of(context, device), 7)
					<< (device.groups.empty() ? "-" : group_words(device)) << "\n";
	});
	if (!done)
		return std::move(done).error();
	if (!any) {
		const bool all = arguments.operands().empty() && filter->state.empty();
		context.out << (all ? "No device is registered; `rassist device add` registers one.\n"
							: "No such device is registered.\n");
	}
	return EX_OK;
}

Result<int> device_show_verb(Context& context, const Arguments& arguments) {
	const auto serial = Serial::parse(arguments.operands()[0]);
	if (!serial)
		return context.usage(serial.error().what);
	auto device = find_device(context.paths, *serial, context.root);
	if (device.failed())
		return std::move(device).error();
	if (device.absent())
		return unknown_device(*serial);
	const auto details = details_of(context, *std::move(device));
	if (!details)
		return details.error();
	(arguments.has("json") ? print_json : print_text)(context, *details);
	return EX_OK;
}

}    // namespace rassist::cli
