#include "rassist/relay/publication_write.hpp"

#include "common/system/files.hpp"
#include "common/system/files_write.hpp"

#include <unistd.h>

#include <set>

namespace rassist {
namespace {

constexpr const char* kLock = ".lock";

/// The folder published/, held under its lock. Whoever writes it owns it: root, on a relay.
struct PublishedFolder {
	Folder folder;
	FileLock lock;

	static Result<PublishedFolder> open(const Paths& paths) {
		auto folder = Folder::trusted(paths.published(), geteuid());
		if (!folder)
			return folder.error();
		auto lock = FileLock::take(*folder, kLock);
		if (!lock)
			return lock.error();
		return PublishedFolder{std::move(*folder), std::move(*lock)};
	}
};

/// The ports of all other devices. A record that is not believed is an error: its ports could be
/// given out twice.
Result<std::set<int>> list_ports_of_others(
	const Paths& paths, const Folder& folder, const Serial& serial) {
	const auto names = folder.names();
	if (!names)
		return names.error();
	std::set<int> ports;
	for (const std::string& name : *names) {
		const auto other = Serial::parse(name);
		if (!other || *other == serial)
			continue;
		const auto publication = find_publication(paths, *other, geteuid());
		if (publication.failed())
			return publication.error();
		if (publication.absent())
			continue;
		for (const auto& [service, port] : publication->ports)
			ports.insert(port);
	}
	return ports;
}

Result<int> find_free_port(
	PortRange ports, const std::set<int>& used, const std::function<bool(int port)>& taken) {
	for (int port = ports.first; port <= ports.last; ++port)
		if (!used.contains(port) && !taken(port))
			return port;
	return Error{Fault::not_found, "no port of publish-ports (" + ports.str() + ") is free"};
}

}    // namespace

Result<Publication> publish(const Paths& paths, const Serial& serial,
	std::span<const Service> services, PortRange ports,
	const std::function<bool(int port)>& taken) {
	const auto published = PublishedFolder::open(paths);
	if (!published)
		return published.error();
	const auto before = find_publication(paths, serial, geteuid());
	if (before.failed())
		return before.error();
	auto used = list_ports_of_others(paths, published->folder, serial);
	if (!used)
		return used.error();
	Publication publication{serial, {}};
	for (const Service service : services) {
		const auto had =
			before.found() ? before->ports.find(service) : std::map<Service, int>::const_iterator();
		if (before.found() && had != before->ports.end() && ports.holds(had->second) &&
			used->insert(had->second).second)
			publication.ports[service] = had->second;
	}
	for (const Service service : services) {
		if (publication.ports.contains(service))
			continue;
		const auto port = find_free_port(ports, *used, taken);
		if (!port)
			return port.error();
		used->insert(*port);
		publication.ports[service] = *port;
	}
	const auto written = publication.ports.empty() ? remove_file(published->folder, serial.str())
												   : write_file(published->folder, serial.str(),
														 format_publication(publication),
														 Attributes{.owner = {}, .group = {}});
	if (!written)
		return written.error();
	return publication;
}

Status unpublish(const Paths& paths, const Serial& serial) {
	const auto published = PublishedFolder::open(paths);
	if (!published)
		return published.error().code == Fault::not_found ? Status(Done{}) : published.error();
	return remove_file(published->folder, serial.str());
}

}    // namespace rassist
