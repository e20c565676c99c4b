#include "relay/listeners.hpp"

#include "common/files.hpp"
#include "common/parse.hpp"
#include "common/unique_fd.hpp"

#include <arpa/inet.h>
#include <fcntl.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <optional>

namespace rassist::hold {
namespace {

constexpr std::string_view kListen = "0A";                          ///< TCP_LISTEN
constexpr std::size_t kTableMax = std::size_t{64} * 1024 * 1024;    ///< some 400 000 sockets

std::string hex(std::uint32_t value, int digits) {
	constexpr std::string_view kDigits = "0123456789ABCDEF";
	std::string text(static_cast<std::size_t>(digits), '0');
	for (int i = digits - 1; i >= 0; --i, value >>= 4)
		text[static_cast<std::size_t>(i)] = kDigits[value & 0xFU];
	return text;
}

/// An address as the kernel prints it: each 32 bits of it in network order, read as a number of this machine (proc_net_tcp.rst).
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

}    // namespace

bool shows_listener(std::string_view table, const std::string& address, int port, uid_t uid) {
	const std::optional<std::string> wanted = kernel_form(address, port);
	if (!wanted)
		return false;
	while (!table.empty()) {
		const std::size_t end = table.find('\n');
		const std::string_view line = table.substr(0, end);
		table.remove_prefix(end == std::string_view::npos ? table.size() : end + 1);
		if (line.find(*wanted) == std::string_view::npos)
			continue;
		// sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid …
		const std::vector<std::string> words = split_words(line);
		if (words.size() > 7 && words[1] == *wanted && words[3] == kListen && words[7] == std::to_string(uid))
			return true;
	}
	return false;
}

Result<bool> listens(const std::string& proc_net, const std::string& address, int port, uid_t uid) {
	const std::string path = proc_net + (address.find(':') == std::string::npos ? "/tcp" : "/tcp6");
	const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
	if (!file)
		return os_error(errno, path);
	const Result<std::string> table = read_all(file.get(), kTableMax);
	if (!table)
		return table.error().within(path);
	return shows_listener(*table, address, port, uid);
}

}    // namespace rassist::hold
