#include "common/records/publication.hpp"

#include "common/base/lookup.hpp"
#include "common/records/record.hpp"
#include "common/system/files.hpp"

namespace rassist {
namespace {

Result<int> parse_published_port(std::string_view text) {
	const auto range = PortRange::parse(text);
	if (!range || range->first != range->last)
		return Error{Fault::invalid, quoted(text) + " is not a port from 1024 to 65535"};
	return range->first;
}

/// A record of a folder that must be root's. nullopt: there is none, nor a folder.
Lookup<std::string> read_record(const std::string& path, const std::string& name, uid_t root) {
	const auto folder = Folder::trusted(path, root);
	if (!folder)
		return folder.error().code == Fault::not_found ? Lookup<std::string>(std::nullopt)
													   : folder.error();
	auto text = folder->read(name, Trust{.owner = root});
	if (text)
		return *std::move(text);
	return text.error().code == Fault::not_found ? Lookup<std::string>(std::nullopt) : text.error();
}

/// The places of one publication behind one guard; a port outside of what is guarded is withheld.
PublishedPlaces places_of(const Publication& publication, const Guarding& guard) {
	PublishedPlaces result;
	result.withheld = guard.off;
	for (const auto& [service, port] : publication.ports) {
		if (!guard.off.empty())
			break;
		if (!guard.ports.holds(port)) {
			result.withheld = "the port of " + std::string(format_service(service)) + ", " +
							  std::to_string(port) + ", is not in publish-ports (" +
							  guard.ports.str() + "): publish the device once more";
			continue;
		}
		for (const std::string& address : guard.addresses)
			result.places.push_back({service, address, port});
	}
	return result;
}

}    // namespace

Result<Publication> parse_publication(std::string_view text, std::string_view file_name) {
	auto section = IniSection::read(text, "published", file_name);
	if (!section)
		return section.error();
	if (const auto version = section->version(); !version)
		return version.error();
	const auto serial = read_field(*section, "serial", Serial::parse);
	if (!serial)
		return serial.error();
	Publication publication{*serial, {}};
	for (const Service service : kServices) {
		if (!section->has(format_service(service)))
			continue;
		const auto port = read_field(*section, format_service(service), parse_published_port);
		if (!port)
			return port.error();
		publication.ports[service] = *port;
	}
	if (const auto rest = section->finish(); !rest)
		return rest.error();
	return publication;
}

Lookup<Publication> find_publication(const Paths& paths, const Serial& serial, uid_t root) {
	const auto text = read_record(paths.published(), serial.str(), root);
	if (text.failed())
		return text.error();
	if (text.absent())
		return std::nullopt;
	const std::string path = paths.published() + "/" + serial.str();
	auto publication = parse_publication(*text, path);
	if (!publication)
		return publication.error();
	if (publication->serial != serial)
		return Error{Fault::untrusted,
			path + ": the record of another device, " + publication->serial.str()};
	return *std::move(publication);
}

Result<Guarding> parse_guarding(std::string_view text, std::string_view file_name) {
	auto section = IniSection::read(text, "guarding", file_name);
	if (!section)
		return section.error();
	if (const auto version = section->version(); !version)
		return version.error();
	auto addresses = read_words<std::string>(*section, "addresses", parse_public_address);
	if (!addresses)
		return addresses.error();
	const auto ports = read_field(*section, "ports", PortRange::parse);
	if (!ports)
		return ports.error();
	Guarding guarding{*std::move(addresses), *ports, section->optional("off")};
	if (const auto rest = section->finish(); !rest)
		return rest.error();
	return guarding;
}

Result<Guarding> find_guarding(const Paths& paths, uid_t root) {
	if (!is_locked(paths.guard_lock()))
		return Error{
			Fault::unavailable, "the relay's guard rules are not loaded (rassist-guard.service)"};
	const auto text = read_record(paths.guard_run, "guarding", root);
	if (text.failed())
		return text.error();
	if (text.absent())
		return Error{Fault::unavailable,
			"the relay's guard has not loaded the configuration (rassist-guard.service)"};
	return parse_guarding(*text, paths.guarding());
}

PublishedPlaces read_published_places(const Paths& paths, const Serial& serial, uid_t root) {
	const auto publication = find_publication(paths, serial, root);
	if (publication.failed())
		return PublishedPlaces{{}, publication.error().what};
	if (publication.absent())
		return PublishedPlaces{};
	const auto guard = find_guarding(paths, root);
	if (!guard)
		return PublishedPlaces{{}, guard.error().what};
	return places_of(*publication, *guard);
}

}    // namespace rassist
