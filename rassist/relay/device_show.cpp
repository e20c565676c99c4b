// device show: it tells all that the relay knows of one device.
#include "common/admission/store.hpp"
#include "common/base/json.hpp"
#include "common/base/lookup.hpp"
#include "common/keys/digest.hpp"
#include "common/records/last_event.hpp"
#include "common/records/publication.hpp"
#include "common/sessions/session.hpp"
#include "rassist/enforce/session_list.hpp"
#include "rassist/frame/actions.hpp"
#include "rassist/frame/join.hpp"
#include "rassist/frame/published_places_json.hpp"
#include "rassist/frame/terminal.hpp"
#include "rassist/relay/device_json.hpp"
#include "rassist/relay/device_probes.hpp"
#include "rassist/relay/publish.hpp"
#include "rassist/relay/registered_device.hpp"

#include <sysexits.h>

#include <array>
#include <iterator>
#include <optional>
#include <ostream>
#include <utility>

namespace rassist::cli {

namespace {

/// What stands beside the registry for one device.
struct DeviceDetails {
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
Lookup<Grant> find_live_grant(
	const Context& context, Role role, const Serial& serial, const Now& now) {
	auto grant = find_grant_of(grant_folder_of(role, context.paths), serial.str(), context.root);
	if (grant.found() && grant->expires && grant->expires->passed(now))
		return std::nullopt;
	return grant;
}

Result<DeviceDetails> read_details(const Context& context, Device device) {
	const auto clock = read_clocks();
	if (!clock)
		return clock.error();
	DeviceDetails details{std::move(device), {}, {}, {}, {}};
	const Serial& serial = details.device.serial;
	const std::array<std::pair<Role, std::optional<Grant>*>, 3> wanted{
		{{Role::identity, &details.identity}, {Role::activation, &details.activation},
			{Role::tunnel, &details.tunnel}}};
	for (const auto& [role, place] : wanted) {
		auto grant = find_live_grant(context, role, serial, *clock);
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
		if (const auto asked = probe_devices(context, {serial}); !asked)
			context.warn(asked.error().what);
		details.probe = read_fresh_probe(context, serial);
	}
	details.ended = read_last_event(context.paths, LastEventKind::hold, serial);
	details.refusal = read_last_event(context.paths, LastEventKind::enroll, serial);
	return details;
}

Json make_last_event_json(const LastEvent& last) {
	Json json = Json::object();
	json.text("at", format_utc(last.at))
		.text("reason", last.reason)
		.text("sentence", last.sentence);
	json.text_or_null("id", last.id ? last.id->str() : "")
		.text_or_null("window", last.window ? last.window->str() : "");
	return json;
}

std::string format_last_event(const std::optional<LastEvent>& last) {
	return last ? format_local_time(last->at) + ": " + escape_for_terminal(last->sentence) +
					  (last->id ? " (rassist why " + last->id->str() + ")" : "")
				: "none lately";
}

std::string format_utc_end(const std::optional<Grant>& grant) {
	return grant && grant->expires ? format_utc(grant->expires->wall) : "";
}
std::string format_local_end(const std::optional<Grant>& grant) {
	return grant && grant->expires ? "until " + format_local_time(grant->expires->wall) : "none";
}

void print_json(const Context& context, const DeviceDetails& details) {
	Json json = make_device_json(context, details.device);
	json.text_or_null(
			"identity", details.identity ? fingerprint_of(details.identity->key).str() : "")
		.text_or_null("activation_until", format_utc_end(details.activation))
		.text_or_null("window_until", format_utc_end(details.tunnel))
		.text_or_null(
			"window", details.tunnel && details.tunnel->window ? details.tunnel->window->str() : "")
		.text_or_null(
			"twin", details.tunnel && details.tunnel->twin ? format_utc(*details.tunnel->twin) : "")
		.put("places",
			make_published_places_json(
				read_published_places(context.paths, details.device.serial, context.root).places))
		.put("sessions", make_sessions_json(details.sessions));
	if (const auto clock = read_clocks(); clock && details.probe)
		json.put("probe", make_probe_json(*details.probe, *clock));
	if (details.ended)
		json.put("ended", make_last_event_json(*details.ended));
	if (details.refusal)
		json.put("refused", make_last_event_json(*details.refusal));
	context.out << json.print() << "\n";
}

void print_text(const Context& context, const DeviceDetails& details) {
	const Device& device = details.device;
	const std::string identity = details.identity ? fingerprint_of(details.identity->key).str()
												  : "none: it was not activated yet";
	context.out << "Device       " << context.bold(device.serial.str()) << "\n"
				<< "Registered   " << format_local_time(device.added) << "\n"
				<< "Address      " << device.address << "\n"
				<< "Blocked      " << (device.blocked ? "yes" : "no") << "\n"
				<< "Groups       "
				<< (device.groups.empty() ? "none" : join_texts(device.groups, " ")) << "\n"
				<< "Note         "
				<< (device.note.empty() ? "none" : escape_for_terminal(device.note)) << "\n"
				<< "Identity     " << identity << "\n"
				<< "Token        " << format_local_end(details.activation) << "\n"
				<< "Window       " << (details.tunnel ? "open, " : "")
				<< format_local_end(details.tunnel) << "\n"
				<< "Tunnel       " << (is_tunnel_up(context.paths, device.serial) ? "up" : "down")
				<< "\n";
	if (details.tunnel && details.tunnel->twin) {
		context.out << "Warning      two machines use this identity, the other one last at "
					<< format_local_time(*details.tunnel->twin)
					<< ": one is a copy and needs a serial of its own\n";
	}
	std::string_view label = "Published    ";
	for (const std::string& line : format_publication_lines(context, device.serial))
		context.out << std::exchange(label, "             ") << line << "\n";
	if (const auto clock = read_clocks(); clock && is_tunnel_up(context.paths, device.serial))
		context.out << "Its ssh      " << format_probe(details.probe, *clock) << "\n";
	context.out << "Last ended   " << format_last_event(details.ended) << "\n"
				<< "Last refused " << format_last_event(details.refusal) << "\n";
	if (!details.sessions.empty()) {
		context.out << "\n";
		print_sessions(context.out, details.sessions);
	}
}

}    // namespace

Result<int> device_show_verb(Context& context, const Arguments& arguments) {
	const auto serial = Serial::parse(arguments.operands()[0]);
	if (!serial)
		return context.usage(serial.error().what);
	auto device = find_registered_device(context, *serial);
	if (!device)
		return std::move(device).error();
	const auto details = read_details(context, *std::move(device));
	if (!details)
		return details.error();
	(arguments.has("json") ? print_json : print_text)(context, *details);
	return EX_OK;
}

}    // namespace rassist::cli
