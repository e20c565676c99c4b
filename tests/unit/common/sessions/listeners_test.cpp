// Who listens where, as the kernel's tables say.
#include "common/sessions/listeners.hpp"

#include "common/base/unique_fd.hpp"
#include "common/system/files.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <string_view>

namespace rassist {
namespace {

constexpr std::string_view kHeading = "  sl  local_address rem_address   st tx_queue rx_queue tr "
									  "tm->when retrnsmt   uid  timeout inode\n";
/// 127.64.0.2:10022 as a little-endian kernel prints it.
constexpr std::string_view kLine =
	"   0: 0200407F:2726 00000000:0000 0A 00000000:00000000 00:00000000 00000000   994        0 "
	"25170 1 0000000000000000 100 0 0 10 0\n";

TEST(Listeners, AreSeenByExactAddressPortStateAndOwner) {
	if (htons(1) == 1)
		GTEST_SKIP() << "the sample is a little-endian kernel's";
	const std::string table = std::string(kHeading) + std::string(kLine);
	EXPECT_TRUE(shows_listener(table, "127.64.0.2", 10022, 994));
	EXPECT_FALSE(shows_listener(table, "127.64.0.2", 10022, 993));
	EXPECT_FALSE(shows_listener(table, "127.64.0.2", 10088, 994));
	EXPECT_FALSE(shows_listener(table, "127.64.0.1", 10022, 994));
	EXPECT_FALSE(shows_listener(table, "::1", 10022, 994));
	EXPECT_FALSE(shows_listener(table, "not an address", 10022, 994));
	EXPECT_FALSE(shows_listener("", "127.64.0.2", 10022, 994));
	const auto changed = [&](std::string_view from, std::string_view to) {
		std::string text = table;
		return text.replace(text.find(from), from.size(), to);
	};
	EXPECT_FALSE(shows_listener(changed(" 0A ", " 01 "), "127.64.0.2", 10022, 994))
		<< "established";
	EXPECT_FALSE(
		shows_listener(changed("0200407F:2726 00000000:0000", "00000000:2726 0200407F:2726"),
			"127.64.0.2", 10022, 994))
		<< "the other end";
	EXPECT_FALSE(shows_listener(changed("0200407F", "00000000"), "127.64.0.2", 10022, 994))
		<< "0.0.0.0";
	EXPECT_FALSE(shows_listener("   0: 0200407F:2726", "127.64.0.2", 10022, 994)) << "cut short";
}

TEST(Listeners, ConnectionsToADeviceAreCounted) {
	if (htons(1) == 1)
		GTEST_SKIP() << "the sample is a little-endian kernel's";
	const auto line = [](const std::string& local, const std::string& remote,
						  const std::string& state) {
		return "   7: " + local + " " + remote + " " + state +
			   " 00000000:00000000 00:00000000 00000000   995        0 5 1 0 100 0 0 10 0\n";
	};
	const std::string device = "0200407F:2726";
	const std::string table =
		std::string(kHeading) + line(device, "00000000:0000", "0A") +
		line("0100007F:9999", device, "01") + line(device, "0100007F:9999", "01") +
		line("0100007F:9998", device, "06") + line("0100007F:9997", "0200407F:2727", "01");
	EXPECT_EQ(count_connections(table, "127.64.0.2", 10022), 1U)
		<< "the one whose far end it is, and that stands";
	EXPECT_EQ(count_connections(table, "127.64.0.3", 10022), 0U);
}

TEST(Listeners, AreFoundInTheKernelsOwnTables) {
	for (const char* address : {"127.0.0.1", "::1"}) {
		const int family = std::string_view(address) == "::1" ? AF_INET6 : AF_INET;
		const UniqueFd listener(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
		sockaddr_storage place{};
		socklen_t size = sizeof place;
		place.ss_family = static_cast<sa_family_t>(family);
		if (family == AF_INET)
			::inet_pton(AF_INET, address, &reinterpret_cast<sockaddr_in*>(&place)->sin_addr);
		else
			::inet_pton(AF_INET6, address, &reinterpret_cast<sockaddr_in6*>(&place)->sin6_addr);
		if (::bind(listener.get(), reinterpret_cast<sockaddr*>(&place),
				family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6)) != 0)
			continue;    // a system without IPv6
		ASSERT_EQ(::listen(listener.get(), 1), 0);
		ASSERT_EQ(::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&place), &size), 0);
		// at the same place in both
		const int port = ntohs(reinterpret_cast<sockaddr_in*>(&place)->sin_port);
		EXPECT_TRUE(*has_listener("/proc/net", address, port, ::geteuid())) << address;
		EXPECT_FALSE(*has_listener("/proc/net", address, port, ::geteuid() + 1)) << address;
	}
	EXPECT_FALSE(has_listener("/nonexistent", "127.0.0.1", 1, 0));
}

}    // namespace
}    // namespace rassist
