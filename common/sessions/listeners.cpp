#include "common/sessions/listeners.hpp"

#include "common/base/lookup.hpp"
#include "common/base/parse.hpp"
#include "common/base/unique_fd.hpp"
#include "common/records/published_place.hpp"
#include "common/system/files.hpp"

#include <arpa/inet.h>
#include <fcntl.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <optional>

namespace rassist {
namespace {

constexpr std::string_view kListen = "0A";                          ///< TCP_LISTEN
constexpr std::string_view kEstablished = "01";                     ///< TCP_ESTABLISHED
constexpr std::size_t kTableMax = std::size_t{64} * 1024 * 1024;    ///< some 400 000 sockets

std::string hex(std::uint32_t value, int digits) {
	constexpr std::string_view kDigits = "0123456789ABCDEF";
	std::string text(static_cast<std::size_t>(digits), '0');
	for (int i = digits - 1; i >= 0; --i, value >>= 4)
		text[static_cast<std::size_t>(i)] = kDigits[value & 0xFU];
	return text;
}

/// An address as the kernel prints it: each 32 bits of it in network order, read as a number of
/// this machine (proc_net_tcp.rst).
std::optional<std::string> kernel_form(const std::string& address, int port) {
	std::array<std::uint32_t, 4> words{};
	std::size_t count = 0;
	if (::inet_pton(AF_INET, address.c_str(), words.data()) == 1)
		count = 1;
	else if (::inet_pton(AF_INET6, address.c_str(), words.data()) == 1)
		count = 4;
	else
		return std::nullopt;
	std::string text;
	for (std::size_t i = 0; i < count; ++i)
		text += hex(words[i], 8);
	return text + ":" + hex(static_cast<std::uint32_t>(port), 4);
}

/// Calls for each line that holds the text, with its words (sl local_address rem_address st
/// tx_queue:rx_queue tr:tm->when retrnsmt uid …), until it says false.
template <class Call>
void each_line_with(std::string_view table, const std::string& wanted, Call call) {
	while (!table.empty()) {
		const std::size_t end = table.find('\n');
		const std::string_view line = table.substr(0, end);
		table.remove_prefix(end == std::string_view::npos ? table.size() : end + 1);
		if (line.find(wanted) == std::string_view::npos)
			continue;
		if (const std::vector<std::string> words = split_words(line);
			words.size() > 7 && !call(words))
			return;
	}
}

/// The uid of the first listener on this address and port in the text of /proc/net/tcp or tcp6 for
/// which `wanted` says yes.
template <class Wanted>
std::optional<uid_t> first_listener(
	std::string_view table, const std::string& address, int port, Wanted wanted) {
	const std::optional<std::string> place = kernel_form(address, port);
	std::optional<uid_t> found;
	if (!place)
		return found;
	each_line_with(table, *place, [&](const std::vector<std::string>& words) {
		if (words[1] != *place || words[3] != kListen)
			return true;
		if (const Result<std::int64_t> uid = parse_integer(words[7], 0, UINT32_MAX);
			uid && wanted(static_cast<uid_t>(*uid)))
			found = static_cast<uid_t>(*uid);
		return !found;
	});
	return found;
}

Result<std::string> read_table(const std::string& path) {
	const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
	if (!file)
		return os_error(errno, path);
	Result<std::string> table = read_all(file.get(), kTableMax);
	return table ? table : Result<std::string>(table.error().within(path));
}

}    // namespace

bool shows_listener(std::string_view table, const std::string& address, int port, uid_t uid) {
	return first_listener(
		table, address, port, [&](uid_t owner) { return owner == uid; })
		.has_value();
}

Result<bool> has_listener(
	const std::string& proc_net, const std::string& address, int port, uid_t uid) {
	const Result<std::string> table = read_table(proc_net + (is_ipv6(address) ? "/tcp6" : "/tcp"));
	if (!table)
		return table.error();
	return shows_listener(*table, address, port, uid);
}

Result<bool> has_listener(const std::string& proc_net, const std::string& address, int port,
	const std::set<std::string>& sockets) {
	constexpr std::size_t kInode = 9;
	const std::optional<std::string> place = kernel_form(address, port);
	const Result<std::string> table = read_table(proc_net + (is_ipv6(address) ? "/tcp6" : "/tcp"));
	if (!table)
		return table.error();
	bool found = false;
	each_line_with(*table, place.value_or(address), [&](const std::vector<std::string>& words) {
		found = words[1] == place && words[3] == kListen && words.size() > kInode &&
				sockets.contains(words[kInode]);
		return !found;
	});
	return found;
}

Lookup<uid_t> find_listener_owner(
	const std::string& proc_net, const std::string& address, int port) {
	const auto anybody = [](uid_t) { return true; };
	// a socket on :: takes IPv4 as well, unless it is told not to
	for (const bool v6 : {false, true}) {
		if (!v6 && is_ipv6(address))
			continue;
		const Result<std::string> table = read_table(proc_net + (v6 ? "/tcp6" : "/tcp"));
		if (!table)
			return table.error();
		for (const std::string& place : {address, std::string(v6 ? "::" : "0.0.0.0")})
			if (const std::optional<uid_t> uid = first_listener(*table, place, port, anybody);
				uid && v6 == is_ipv6(place))
				return *uid;
	}
	return std::nullopt;
}

std::size_t count_connections(std::string_view table, const std::string& address, int port) {
	const std::optional<std::string> wanted = kernel_form(address, port);
	std::size_t count = 0;
	if (!wanted)
		return count;
	each_line_with(table, *wanted, [&](const std::vector<std::string>& words) {
		count += words[2] == *wanted && words[3] == kEstablished ? 1U : 0U;
		return true;
	});
	return count;
}

Result<std::size_t> count_connections_to(
	const std::string& proc_net, const std::string& address, int port) {
	const Result<std::string> table = read_table(proc_net + (is_ipv6(address) ? "/tcp6" : "/tcp"));
	if (!table)
		return table.error();
	return count_connections(*table, address, port);
}

}    // namespace rassist
