// What of a device can be published, and where: one of its services, on an address and port of the
// relay that others reach.
#pragma once

#include "common/base/result.hpp"

#include <array>
#include <compare>
#include <string>
#include <string_view>
#include <vector>

namespace rassist {

enum class Service { ssh, http };
inline constexpr std::array kServices{Service::ssh, Service::http};
[[nodiscard]] std::string_view format_service(Service service);
[[nodiscard]] Result<Service> parse_service(std::string_view text);

/// "ssh=203.0.113.10:20000", "http=[2001:db8::10]:20001": a service and where it is reached.
struct PublishedPlace {
	Service service = Service::ssh;
	std::string address;
	int port = 0;

	static Result<PublishedPlace> parse(std::string_view text);
	[[nodiscard]] std::string str() const;
	auto operator<=>(const PublishedPlace&) const = default;
};
/// What a person types to get there: "ssh -p 20000 rassist@203.0.113.10",
/// "http://203.0.113.10:20001/".
[[nodiscard]] std::string format_reach_command(const PublishedPlace& place);
/// A device has at most so many: each service on each address.
inline constexpr std::size_t kPublishAddressesMost = 4;
inline constexpr std::size_t kPublishedPlacesMost = kServices.size() * kPublishAddressesMost;
/// Reads the words of `text`, at most kPublishedPlacesMost, each once.
[[nodiscard]] Result<std::vector<PublishedPlace>> parse_published_places(std::string_view text);
[[nodiscard]] std::string format_published_places(const std::vector<PublishedPlace>& places);

/// One IPv4 or IPv6 address, canonical, that others can reach: not loopback, not "all addresses",
/// not multicast, no IPv4 address written as IPv6.
[[nodiscard]] Result<std::string> parse_public_address(std::string_view text);
[[nodiscard]] bool is_ipv6(std::string_view address);

/// "20000-29999", within 1024 to 65535: what a process without privileges may listen on.
struct PortRange {
	int first = 20000;
	int last = 29999;

	static Result<PortRange> parse(std::string_view text);
	[[nodiscard]] std::string str() const;
	[[nodiscard]] bool holds(int port) const { return port >= first && port <= last; }
	auto operator<=>(const PortRange&) const = default;
};

}    // namespace rassist
