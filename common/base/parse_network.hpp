// Hosts, ports, addresses and networks, from text.
#pragma once

#include "common/base/result.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rassist {

/// host:port. The host is a DNS name, an IPv4 address, or an IPv6 address in brackets; it holds no
/// white space and no characters of shells or options, and never begins with '-'.
struct HostPort {
	std::string host;    ///< without brackets
	int port = 0;
	[[nodiscard]] std::string str() const;    ///< brackets put back where the host is IPv6
	auto operator<=>(const HostPort&) const = default;
};
[[nodiscard]] Result<HostPort> parse_host_port(std::string_view text);
[[nodiscard]] Result<std::string> parse_host(std::string_view text);
/// 1 to 65535.
[[nodiscard]] Result<int> parse_port(std::string_view text);

/// A host and what stands after its ':'; nullopt where there is no ':'.
struct HostRest {
	std::string host;
	std::optional<std::string_view> rest;
};
[[nodiscard]] Result<HostRest> split_host(std::string_view text);

/// One address, IPv4 or IPv6.
struct IpAddress {
	bool v6 = false;
	std::array<unsigned char, 16> bytes{};    ///< in network order; IPv4 takes the first four

	/// An IPv4 address written as IPv6 (::ffff:203.0.113.7) is read as the IPv4 address. The zone
	/// of a link-local one ("%eth0") is left out, for it says nothing of who it is.
	static Result<IpAddress> parse(std::string_view text);
	[[nodiscard]] std::string str() const;
	[[nodiscard]] int bits() const { return v6 ? 128 : 32; }
	auto operator<=>(const IpAddress&) const = default;
};

/// An address with prefix length, IPv4 or IPv6, canonical ("203.0.113.0/24"); host bits must be
/// zero. No prefix means one address.
class Network {
public:
	static Result<Network> parse(std::string_view text);
	[[nodiscard]] bool covers(const IpAddress& address) const;
	[[nodiscard]] std::string str() const { return first_.str() + "/" + std::to_string(length_); }
	[[nodiscard]] bool v6() const { return first_.v6; }
	auto operator<=>(const Network&) const = default;

private:
	Network(IpAddress first, int length) : first_(first), length_(length) {}
	IpAddress first_;
	int length_;
};

/// Makes a device's loopback address on the relay: index 1 is 127.64.0.1, index 2 is 127.64.0.2,
/// and so on. invalid: the index leads out of 127.64.0.0/10. No other place knows this rule.
[[nodiscard]] Result<std::string> make_device_address(std::int64_t index);
/// Reads an address that make_device_address gives, and refuses all others.
[[nodiscard]] Result<std::string> parse_device_address(std::string_view text);

}    // namespace rassist
