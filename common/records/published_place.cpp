#include "common/records/published_place.hpp"

#include "common/base/parse.hpp"

#include <arpa/inet.h>

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

std::string_view format_service(Service service) {
	return service == Service::ssh ? "ssh" : "http";
}

Result<Service> parse_service(std::string_view text) {
	for (const Service service : kServices)
		if (format_service(service) == text)
			return service;
	return Error{
		Fault::invalid, quoted(text) + " is not a service that can be published: ssh or http"};
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
