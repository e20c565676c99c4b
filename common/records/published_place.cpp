#include "common/records/published_place.hpp"

#include "common/base/parse.hpp"
#include "common/base/parse_network.hpp"
#include "common/base/paths.hpp"

#include <arpa/inet.h>

#include <algorithm>

namespace rassist {
namespace {

constexpr int kUnprivileged = 1024;
constexpr int kPortLast = 65535;

/// What stands in the way of an address being published; "" for none.
std::string_view unfit(const in_addr& address) {
	const std::uint32_t bits = ntohl(address.s_addr);
	if (bits >> 24 == 0)
		return "means every address";
	if (bits >> 24 == 127)
		return "is a loopback address";
	return bits >> 28 >= 0xe ? "is no address of one machine" : "";
}

std::string_view unfit(const in6_addr& address) {
	if (IN6_IS_ADDR_UNSPECIFIED(&address))
		return "means every address";
	if (IN6_IS_ADDR_LOOPBACK(&address))
		return "is a loopback address";
	if (IN6_IS_ADDR_V4MAPPED(&address))
		return "is an IPv4 address written as IPv6";
	if (IN6_IS_ADDR_LINKLOCAL(&address))
		return "is a link-local address";
	return IN6_IS_ADDR_MULTICAST(&address) ? "is no address of one machine" : "";
}

}    // namespace

std::string_view service_word(Service service) { return service == Service::ssh ? "ssh" : "http"; }

Result<Service> parse_service(std::string_view text) {
	for (const Service service : kServices)
		if (service_word(service) == text)
			return service;
	return Error{
		Fault::invalid, quoted(text) + " is not a service that can be published: ssh or http"};
}

Result<PublishedPlace> PublishedPlace::parse(std::string_view text) {
	const std::size_t equals = text.find('=');
	if (equals == std::string_view::npos)
		return Error{Fault::invalid, quoted(text) + " is not a place: SERVICE=ADDRESS:PORT"};
	const Result<Service> service = parse_service(text.substr(0, equals));
	if (!service)
		return service.error();
	const Result<HostPort> where = parse_host_port(text.substr(equals + 1));
	if (!where)
		return where.error();
	Result<std::string> address = parse_public_address(where->host);
	if (!address)
		return std::move(address).error();
	return PublishedPlace{*service, *std::move(address), where->port};
}

std::string PublishedPlace::str() const {
	return std::string(service_word(service)) + "=" + HostPort{address, port}.str();
}

std::string command_to_reach(const PublishedPlace& place) {
	if (place.service == Service::http)
		return "http://" + HostPort{place.address, place.port}.str() + "/";
	return "ssh -p " + std::to_string(place.port) + " " + kAssistAccount + "@" + place.address;
}

Result<std::vector<PublishedPlace>> parse_published_places(std::string_view text) {
	const std::vector<std::string> words = split_words(text);
	if (words.size() > kPublishedPlacesMost)
		return Error{
			Fault::invalid, "more than " + std::to_string(kPublishedPlacesMost) + " places"};
	std::vector<PublishedPlace> places;
	for (const std::string& word : words) {
		Result<PublishedPlace> place = PublishedPlace::parse(word);
		if (!place)
			return std::move(place).error();
		if (std::find(places.begin(), places.end(), *place) != places.end())
			return Error{Fault::invalid, quoted(word) + " is named twice"};
		places.push_back(*std::move(place));
	}
	return places;
}

std::string format_published_places(const std::vector<PublishedPlace>& places) {
	std::string text;
	for (const PublishedPlace& place : places)
		text += (text.empty() ? "" : " ") + place.str();
	return text;
}

Result<std::string> parse_public_address(std::string_view text) {
	const std::string whole(text);
	std::array<char, INET6_ADDRSTRLEN> canonical{};
	in_addr v4{};
	in6_addr v6{};
	std::string_view why = "is not an IPv4 or IPv6 address";
	const bool bad = whole.find('\0') != std::string::npos;
	if (!bad && ::inet_pton(AF_INET, whole.c_str(), &v4) == 1) {
		why = unfit(v4);
		::inet_ntop(AF_INET, &v4, canonical.data(), canonical.size());
	} else if (!bad && ::inet_pton(AF_INET6, whole.c_str(), &v6) == 1) {
		why = unfit(v6);
		::inet_ntop(AF_INET6, &v6, canonical.data(), canonical.size());
	}
	if (!why.empty())
		return Error{Fault::invalid, quoted(text) + " " + std::string(why) +
										 ": write an address of the relay's that support reaches"};
	return std::string(canonical.data());
}

bool is_ipv6(std::string_view address) { return address.find(':') != std::string_view::npos; }

Result<PortRange> PortRange::parse(std::string_view text) {
	const std::size_t dash = text.find('-');
	const auto bound = [](std::string_view word) {
		return parse_integer(word, kUnprivileged, kPortLast);
	};
	const Result<std::int64_t> first = bound(text.substr(0, dash));
	const Result<std::int64_t> last =
		dash == std::string_view::npos ? first : bound(text.substr(dash + 1));
	if (!first || !last || *first > *last) {
		return Error{Fault::invalid, quoted(text) + " is not a range of ports: FIRST-LAST, from " +
										 std::to_string(kUnprivileged) + " to " +
										 std::to_string(kPortLast)};
	}
	return PortRange{static_cast<int>(*first), static_cast<int>(*last)};
}

std::string PortRange::str() const { return std::to_string(first) + "-" + std::to_string(last); }

}    // namespace rassist
