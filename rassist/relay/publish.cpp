// device publish: it gives services of a device ports on the relay's public addresses.
#include "rassist/relay/publish.hpp"

#include "rassist/enforce/enforce.hpp"
#include "rassist/frame/actions.hpp"
#include "rassist/relay/registered_device.hpp"

#include "common/issuing/store_write.hpp"
#include "common/records/publication.hpp"
#include "common/sessions/listeners.hpp"
#include "common/sessions/session_end.hpp"
#include "rassist/relay/publication_write.hpp"

#include <pwd.h>
#include <sysexits.h>

#include <algorithm>
#include <limits>
#include <ostream>

namespace rassist::cli {

namespace {

constexpr const char* kProcNet = "/proc/net";

/// The account that has this place, unless it is the devices' own.
std::optional<uid_t> find_stranger_at(const std::string& address, int port) {
	const passwd* devices = getpwnam(kTunnelAccount);
	const auto holder = find_listener_owner(kProcNet, address, port);
	if (!holder.found() || (devices != nullptr && *holder == devices->pw_uid))
		return std::nullopt;
	return *holder;
}

std::string describe_place(const PublishedPlace& place) {
	if (const auto stranger = find_stranger_at(place.address, place.port))
		return "held by another program (uid " + std::to_string(*stranger) + ")";
	const auto holder = find_listener_owner(kProcNet, place.address, place.port);
	return holder.found() ? "up" : "nobody listens there";
}

/// The services that were asked for, each once. An error is one of usage.
Result<std::vector<Service>> parse_services(const Arguments& arguments) {
	std::vector<Service> services;
	for (std::size_t i = 1; i < arguments.operands().size(); ++i) {
		const auto service = parse_service(arguments.operands()[i]);
		if (!service)
			return service.error();
		if (std::ranges::find(services, *service) == services.end())
			services.push_back(*service);
	}
	if (services.empty() != arguments.has("none"))
		return Error{Fault::invalid, "name the services, ssh or http or both, or say --none"};
	return services;
}

/// The tunnel that stands listens where it did. It is cut and its key is taken away, so that the
/// device enrols again and learns of the change.
Result<int> cut_tunnel_to_renew(const Context& context, const Serial& serial) {
	if (const auto removed = remove_grants_of(
			grant_folder_of(Role::tunnel, context.paths), serial.str(), context.root);
		!removed)
		return removed.error();
	return displace_sessions(context.paths, Role::tunnel, serial.str(),
		std::numeric_limits<std::int64_t>::max(), kTimeToLeave);
}

std::string format_ports(const Publication& publication) {
	std::string text;
	for (const auto& [service, port] : publication.ports) {
		text += (text.empty() ? "" : ", ") + std::string(format_service(service)) + " on port " +
				std::to_string(port);
	}
	return text;
}

void print_change(
	const Context& context, const Publication& publication, const Guarding& guard, bool cut) {
	const std::string& serial = publication.serial.str();
	if (publication.ports.empty()) {
		context.out << serial << " publishes nothing"
					<< (cut ? "; its tunnel was cut, and comes back without" : "") << ".\n";
		return;
	}
	context.out << serial << " may publish " << format_ports(publication)
				<< (cut ? "; its tunnel was cut, and comes back so" : "")
				<< ".\nIt does while its window is open and as far as its own `publish` goes; "
				   "support-from says from where it is reached:\n";
	for (const auto& [service, port] : publication.ports)
		for (const std::string& address : guard.addresses)
			context.out << "  " << format_reach_command({service, address, port}) << "\n";
}

}    // namespace

Json make_publication_json(const Context& context, const Serial& serial) {
	Json json = Json::object();
	const auto publication = find_publication(context.paths, serial, context.root);
	if (publication.failed())
		context.warn(publication.error().what + "; this record counts for nothing");
	else if (publication.found())
		for (const auto& [service, port] : publication->ports)
			json.number(service == Service::ssh ? "ssh" : "http", port);
	return json;
}

std::vector<std::string> format_publication_lines(const Context& context, const Serial& serial) {
	const auto publication = find_publication(context.paths, serial, context.root);
	if (publication.failed())
		return {"no: " + publication.error().what};
	if (publication.absent())
		return {"no"};
	std::vector<std::string> lines{format_ports(*publication)};
	const PublishedPlaces now = read_published_places(context.paths, serial, context.root);
	for (const PublishedPlace& place : now.places)
		lines.push_back(place.str() + " " + describe_place(place));
	if (!now.withheld.empty())
		lines.push_back("not now: " + now.withheld);
	return lines;
}

Result<int> device_publish_verb(Context& context, const Arguments& arguments) {
	const auto serial = Serial::parse(arguments.operands()[0]);
	if (!serial)
		return context.usage(serial.error().what);
	const auto services = parse_services(arguments);
	if (!services)
		return context.usage(services.error().what);
	if (const auto device = find_registered_device(context, *serial); !device)
		return device.error();
	auto guard = services->empty() ? Result<Guarding>(Guarding{})
								   : find_guarding(context.paths, context.root);
	if (!guard)
		return context.fail(EX_UNAVAILABLE, "publishing is refused: " + guard.error().what);
	if (!guard->off.empty())
		return context.fail(EX_CONFIG, "publishing is off on this relay: " + guard->off);
	const auto before = find_publication(context.paths, *serial, context.root);
	if (before.failed())
		return before.error();
	const auto taken = [&](int port) {
		return std::ranges::any_of(guard->addresses, [&](const std::string& address) {
			return find_stranger_at(address, port).has_value();
		});
	};
	const auto after = publish(context.paths, *serial, *services, guard->ports, taken);
	if (!after) {
		return after.error().code == Fault::not_found
				   ? context.fail(EX_CANTCREAT, after.error().what)
				   : Result<int>(after.error());
	}
	const bool changed =
		(before.found() ? before->ports : std::map<Service, int>()) != after->ports;
	const auto cut = changed ? cut_tunnel_to_renew(context, *serial) : Result<int>(0);
	if (!cut) {
		return cut.error().within(
			"the registry is changed, but the device's tunnel of before stands");
	}
	print_change(context, *after, *guard, *cut > 0);
	return EX_OK;
}

}    // namespace rassist::cli
