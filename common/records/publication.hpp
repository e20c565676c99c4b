// PublishedPlaces devices: the ports that the registry allots to their services, and what the
// relay's guard really stands before. A port counts only where both agree, and only while the
// guard's rules are loaded.
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

/// published/SERIAL, section [published], root's: the ports of the services that the relay's admin
/// lets a device publish.
struct Publication {
	Serial serial;
	std::map<Service, int> ports;
};
[[nodiscard]] Result<Publication> parse_publication(
	std::string_view text, std::string_view file_name);
[[nodiscard]] std::string format_publication(const Publication& publication);
/// nullopt: the device publishes nothing.
[[nodiscard]] Lookup<Publication> find_publication(
	const Paths& paths, const Serial& serial, uid_t root = 0);

/// guarding, section [guarding], written by the guard once its rules are in force: before which
/// addresses and ports they stand.
struct Guarding {
	std::vector<std::string> addresses;
	PortRange ports;
	std::string off;    ///< why nothing is published; "" where something may be
};
[[nodiscard]] Result<Guarding> parse_guarding(std::string_view text, std::string_view file_name);
[[nodiscard]] std::string format_guarding(const Guarding& guarding);
/// unavailable: the guard's rules are not loaded (nobody holds its lock).
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
