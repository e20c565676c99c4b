// Devices that others reach directly: the registry allots ports to their services, and the relay's
// guard says before which ports it really stands. A port counts only where both agree, and only
// while the guard's rules are loaded.
#pragma once

#include "common/base/lookup.hpp"
#include "common/base/parse.hpp"
#include "common/base/paths.hpp"
#include "common/base/result.hpp"
#include "common/records/published_place.hpp"

#include <sys/types.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rassist {

/// The record published/SERIAL, section [published], written by root: the ports of the services
/// that the relay's admin lets a device publish.
struct Publication {
	Serial serial;
	std::map<Service, int> ports;
};
[[nodiscard]] Result<Publication> parse_publication(
	std::string_view text, std::string_view file_name);
[[nodiscard]] std::string format_publication(const Publication& publication);
/// Reads the device's publication. nullopt: the device publishes nothing.
[[nodiscard]] Lookup<Publication> find_publication(
	const Paths& paths, const Serial& serial, uid_t root = 0);

/// The record guarding, section [guarding]: the addresses and ports before which the guard's rules
/// stand. The guard writes it once they are in force.
struct Guarding {
	std::vector<std::string> addresses;
	PortRange ports;
	std::string off;    ///< why nothing is published; "" where something may be
};
[[nodiscard]] Result<Guarding> parse_guarding(std::string_view text, std::string_view file_name);
[[nodiscard]] std::string format_guarding(const Guarding& guarding);
/// Reads what the guard stands before. unavailable: its rules are not loaded (nobody holds its
/// lock).
[[nodiscard]] Result<Guarding> find_guarding(const Paths& paths, uid_t root = 0);

/// Where a device's services may be at this moment. An error of whatever kind is a reason to
/// publish nothing, never to keep a tunnel down.
struct PublishedPlaces {
	std::vector<PublishedPlace> places;
	/// why a service that the registry allots a port to is not among them; "" for none
	std::string withheld;
};
[[nodiscard]] PublishedPlaces read_published_places(
	const Paths& paths, const Serial& serial, uid_t root = 0);

}    // namespace rassist
