#include "common/base/parse_network.hpp"
#include "common/base/parse.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>

namespace rassist {
namespace {

constexpr std::uint32_t kDeviceNetwork = 0x7f400000;    // 127.64.0.0/10
constexpr std::int64_t kDeviceLast = (std::int64_t{1} << 22) - 1;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Reads the address as it is written: an IPv4 address written as IPv6 stays an IPv6 address.
std::optional<IpAddress> parse_address(std::string_view text) {
	const std::string whole(text);
	if (whole.find('\0') != std::string::npos)
		return std::nullopt;
	IpAddress address;
	address.v6 = text.find(':') != std::string_view::npos;
	if (::inet_pton(address.v6 ? AF_INET6 : AF_INET, whole.c_str(), address.bytes.data()) != 1)
		return std::nullopt;
	return address;
}

bool v4_mapped(const IpAddress& address) {
	constexpr std::array<unsigned char, 12> kPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
	return address.v6 && std::equal(kPrefix.begin(), kPrefix.end(), address.bytes.begin());
}

/// Everything past the first `length` bits is zero.
IpAddress masked(IpAddress address, int length) {
	for (int i = 0; i < static_cast<int>(address.bytes.size()); ++i) {
		const int kept = std::clamp(length - i * 8, 0, 8);
		address.bytes[static_cast<std::size_t>(i)] &= static_cast<unsigned char>(0xff00U >> kept);
	}
	return address;
}

bool is_dns_label(std::string_view label) {
	const auto good = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-'; };
	return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
		   std::all_of(label.begin(), label.end(), good);
}

/// A name whose last label is a number would be taken for an address by some and not by others.
bool is_dns_name(std::string_view name) {
	if (name.size() > 253)
		return false;
	for (;;) {
		const std::size_t dot = name.find('.');
		const std::string_view label = name.substr(0, dot);
		if (!is_dns_label(label))
			return false;
		if (dot == std::string_view::npos)
			return !std::all_of(label.begin(), label.end(), is_digit);
		name.remove_prefix(dot + 1);
	}
}

Error not_a_host(std::string_view text) {
	return Error{Fault::invalid,
		quoted(text) +
			" is not a host: a DNS name, an IPv4 address, or an IPv6 address in brackets"};
}

}    // namespace

std::string HostPort::str() const {
	const bool v6 = host.find(':') != std::string::npos;
	return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Result<std::string> parse_host(std::string_view text) {
	std::string_view inner = text;
	const bool bracketed = text.size() >= 2 && text.front() == '[' && text.back() == ']';
	if (bracketed)
		inner = text.substr(1, text.size() - 2);
	if (const std::optional<IpAddress> address = parse_address(inner);
		address && (!bracketed || address->v6))
		return address->str();
	std::string name(text);
	for (char& c : name)
		if (c >= 'A' && c <= 'Z')
			c = static_cast<char>(c - 'A' + 'a');
	if (!is_dns_name(name))
		return not_a_host(text);
	return name;
}

Result<int> parse_port(std::string_view text) {
	const Result<std::int64_t> port = parse_integer(text, 1, 65535);
	if (!port)
		return Error{Fault::invalid, quoted(text) + " is not a port: 1 to 65535"};
	return static_cast<int>(*port);
}

Result<HostRest> split_host(std::string_view text) {
	std::size_t end = std::min(text.find(':'), text.size());
	if (text.starts_with('[')) {
		const std::size_t bracket = text.find(']');
		if (bracket == std::string_view::npos)
			return not_a_host(text);
		end = bracket + 1;
	}
	Result<std::string> host = parse_host(text.substr(0, end));
	if (!host)
		return std::move(host).error();
	if (end == text.size())
		return HostRest{std::move(*host), std::nullopt};
	if (text[end] != ':')
		return not_a_host(text);
	return HostRest{std::move(*host), text.substr(end + 1)};
}

Result<HostPort> parse_host_port(std::string_view text) {
	Result<HostRest> parts = split_host(text);
	if (!parts)
		return std::move(parts).error();
	if (!parts->rest)
		return Error{Fault::invalid, quoted(text) + " has no port: write HOST:PORT"};
	const Result<int> port = parse_port(*parts->rest);
	if (!port)
		return port.error();
	return HostPort{std::move(parts->host), *port};
}

std::string IpAddress::str() const {
	std::array<char, INET6_ADDRSTRLEN> text{};
	return ::inet_ntop(v6 ? AF_INET6 : AF_INET, bytes.data(), text.data(), text.size()) != nullptr
			   ? text.data()
			   : "";
}

Result<IpAddress> IpAddress::parse(std::string_view text) {
	const std::size_t zone =
		text.find(':') == std::string_view::npos ? std::string_view::npos : text.find('%');
	const std::optional<IpAddress> address = parse_address(text.substr(0, zone));
	if (!address)
		return Error{Fault::invalid,
			quoted(text) + " is not an address: 203.0.113.7 or 2001:db8::7 would be"};
	if (!v4_mapped(*address))
		return *address;
	IpAddress v4;
	std::copy_n(address->bytes.begin() + 12, 4, v4.bytes.begin());
	return v4;
}

Result<Network> Network::parse(std::string_view text) {
	const std::size_t slash = text.find('/');
	const std::optional<IpAddress> address = parse_address(text.substr(0, slash));
	if (!address)
		return Error{Fault::invalid,
			quoted(text) + " is not a network: write 203.0.113.0/24, 203.0.113.7 or 2001:db8::/32"};
	if (v4_mapped(*address))
		return Error{
			Fault::invalid, quoted(text) + " is an IPv4 address written as IPv6: write it as IPv4"};
	int length = address->bits();
	if (slash != std::string_view::npos) {
		const Result<std::int64_t> parsed =
			parse_integer(text.substr(slash + 1), 0, address->bits());
		if (!parsed)
			return parsed.error().within("prefix length");
		length = static_cast<int>(*parsed);
	}
	const Network network(masked(*address, length), length);
	if (network.first_ != *address)
		return Error{Fault::invalid,
			quoted(text) + " has bits past its prefix length: did you mean " + network.str() + "?"};
	return network;
}

bool Network::covers(const IpAddress& address) const {
	return address.v6 == first_.v6 && masked(address, length_) == first_;
}

Result<std::string> make_device_address(std::int64_t index) {
	if (index < 1 || index > kDeviceLast)
		return Error{Fault::invalid, "device number " + std::to_string(index) +
										 " is out of range: 1 to " + std::to_string(kDeviceLast)};
	const std::uint32_t whole = kDeviceNetwork + static_cast<std::uint32_t>(index);
	std::string text = std::to_string(whole >> 24);
	for (const unsigned shift : {16U, 8U, 0U})
		text += "." + std::to_string((whole >> shift) & 0xff);
	return text;
}

Result<std::string> parse_device_address(std::string_view text) {
	const std::optional<IpAddress> address = parse_address(text);
	if (address && !address->v6) {
		std::uint32_t whole = 0;
		for (const unsigned char byte : std::span(address->bytes).first(4))
			whole = (whole << 8) | byte;
		if (whole > kDeviceNetwork &&
			whole <= kDeviceNetwork + static_cast<std::uint32_t>(kDeviceLast))
			return address->str();
	}
	return Error{
		Fault::invalid, quoted(text) + " is not a device's address: 127.64.0.1 to 127.127.255.255"};
}

}    // namespace rassist
