#include "relay/hold.hpp"

#include "common/issuing/store_write.hpp"
#include "common/sessions/listeners.hpp"
#include "common/system/files_write.hpp"
#include "relay/hold_heartbeat.hpp"
#include "relay/ready.hpp"
#include "relay/tunnel_verdict.hpp"
#include "tests/unit/sample_key.hpp"
#include "tests/unit/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

namespace rassist::hold {
namespace {

using namespace std::chrono_literals;
using test::sample_key;

TEST(HoldCommand, IsHoldAndAnIdAndNothingElse) {
	EXPECT_EQ(parse_command("hold 0123456789")->str(), "0123456789");
	for (const char* text : {"", "hold", "hold x", "hold 0123456789 x", "hold 0123456789;id",
			 "HOLD 0123456789", "sh -c id", "scp -t x", "internal-sftp", "hold  "})
		EXPECT_FALSE(parse_command(text)) << text;
}

// ---- what the records say ----

class Judging : public testing::Test {
protected:
	[[nodiscard]] std::string judged() const {
		const TunnelVerdict verdict = judge(records, former, now);
		return verdict.end ? std::string(format_bye(verdict.end->bye))
						   : "stands until " + std::to_string(verdict.stand->until);
	}
	void grant_is(std::string_view window, std::int64_t until) {
		records.grant = Grant{.role = Role::tunnel,
			.subject = "sn1",
			.key = sample_key(),
			.expires = Deadline{until, {}},
			.issued = 1,
			.window = *Id::parse(window),
			.relay = "relay",
			.reach = {},
			.from = {},
			.scope = {},
			.note = {}};
	}

	Device device{*Serial::parse("sn1"), "127.64.0.1", false, {}, {}, 1};
	TunnelRecords records{std::nullopt, device};
	std::optional<HeldWindow> former;
	Now now{1000, 50, "boot"};
};

TEST_F(Judging, AGrantStandsUntilItsSecond) {
	grant_is("aaaaaaaaaa", 1001);
	EXPECT_EQ(judged(), "stands until 1001");
	now.wall = 1001;
	EXPECT_EQ(judged(), "expired");
}

TEST_F(Judging, ExtendedAndShortenedAreTheSameWindow) {
	former = HeldWindow{*Id::parse("aaaaaaaaaa"), 1500};
	for (const int until : {2000, 1001}) {
		grant_is("aaaaaaaaaa", until);
		EXPECT_EQ(judged(), "stands until " + std::to_string(until));
	}
	grant_is("aaaaaaaaaa", 900);
	EXPECT_EQ(judged(), "expired");
}

TEST_F(Judging, AnotherWindowDisplaces) {
	former = HeldWindow{*Id::parse("aaaaaaaaaa"), 1500};
	grant_is("bbbbbbbbbb", 2000);
	EXPECT_EQ(judged(), "displaced");
	former.reset();
	EXPECT_EQ(judged(), "stands until 2000");
}

TEST_F(Judging, ATwinIsPassedOn) {
	grant_is("aaaaaaaaaa", 2000);
	EXPECT_FALSE(judge(records, former, now).stand->twin);
	records.grant->twin = 990;
	EXPECT_EQ(judge(records, former, now).stand->twin, 990);
}

TEST_F(Judging, NoGrantIsRevokedOrSweptAfterItsTime) {
	EXPECT_EQ(judged(), "revoked");
	former = HeldWindow{*Id::parse("aaaaaaaaaa"), 1001};
	EXPECT_EQ(judged(), "revoked");
	former->until = 1000;
	EXPECT_EQ(judged(), "expired");
}

TEST_F(Judging, TheDeviceMustBeRegisteredAndNotBlocked) {
	grant_is("aaaaaaaaaa", 2000);
	device.blocked = true;
	records.device = device;
	EXPECT_EQ(judged(), "blocked");
	records.device = std::nullopt;
	EXPECT_EQ(judged(), "revoked");
	records.device = Error{Fault::untrusted, "not root's"};
	EXPECT_EQ(judged(), "failed");
}

TEST_F(Judging, AGrantThatIsNotBelievedFails) {
	records.grant = Error{Fault::invalid, "garbage"};
	EXPECT_EQ(judged(), "failed");
}

// ---- the heartbeat ----

class Talking : public testing::Test {
protected:
	/// What went out, as a device that takes everything sees it.
	std::string said(HoldHeartbeat::Time now) {
		std::string text(talk.unsent());
		talk.sent(text.size(), now);
		return text;
	}
	HoldHeartbeat talk{5s, 15s, 60s, 0ms};
};

TEST_F(Talking, BeginsWithReadyAndBeatsAtTheInterval) {
	EXPECT_EQ(said(0ms), "ready 1 interval=5 limit=15 left=60\n");
	EXPECT_EQ(talk.next_look(), 5000ms);
	talk.speak(56s, 4999ms);
	EXPECT_EQ(said(4999ms), "");
	talk.speak(55s, 5000ms);
	EXPECT_EQ(said(5000ms), "beat left=55\n");
	EXPECT_EQ(talk.next_look(), 10'000ms);
}

TEST_F(Talking, AnswersTheDevicesBeatOnceASecondAtTheMost) {
	static_cast<void>(said(0ms));
	for (auto now = 100ms; now < 1000ms; now += 100ms) {
		EXPECT_FALSE(talk.hear("beat\n", now));
		EXPECT_EQ(talk.next_look(), 1000ms);
		talk.speak(50s, now);
		EXPECT_EQ(said(now), "");
	}
	talk.speak(50s, 1000ms);
	EXPECT_EQ(said(1000ms), "beat left=50\n");
	EXPECT_FALSE(talk.hear("beat\n", 3000ms));
	talk.speak(48s, 3000ms);
	EXPECT_EQ(said(3000ms), "beat left=48\n") << "at once where there was silence";
	EXPECT_EQ(talk.next_look(), 8000ms) << "and not once more before the interval";
}

TEST_F(Talking, WarnsOfATwinBesideTheBeats) {
	talk.warn_of_twin();
	EXPECT_EQ(said(0ms), "ready 1 interval=5 limit=15 left=60\ntwin\n");
}

TEST_F(Talking, EndsAfterSilenceOfTheLimitAndEachLineStartsItAnew) {
	static_cast<void>(said(0ms));
	EXPECT_FALSE(talk.patience(14'999ms));
	EXPECT_EQ(talk.patience(15'000ms)->bye, Bye::silent);
	EXPECT_FALSE(talk.hear("beat\n", 14'000ms));
	EXPECT_FALSE(talk.patience(28'999ms));
	EXPECT_EQ(talk.patience(29'000ms)->bye, Bye::silent);
}

TEST_F(Talking, HalfALineIsSilence) {
	static_cast<void>(said(0ms));
	EXPECT_FALSE(talk.hear("bea", 14'000ms));
	EXPECT_TRUE(talk.patience(15'000ms));
	EXPECT_FALSE(talk.hear("t\n", 14'500ms));
	EXPECT_FALSE(talk.patience(15'000ms));
}

TEST_F(Talking, WhatIsNotTheProtocolEndsIt) {
	EXPECT_FALSE(talk.hear("tomorrow's verb 7\n", 1ms));
	for (const std::string& text : {std::string("beat left=x\n"), std::string("beat\0\n", 6),
			 std::string(201, 'x'), std::string("\x1b[2J\n")}) {
		HoldHeartbeat other{5s, 15s, 60s, 0ms};
		const std::optional<TunnelEnd> end = other.hear(text, 1ms);
		ASSERT_TRUE(end) << text;
		EXPECT_EQ(end->bye, Bye::failed);
		EXPECT_EQ(end->reason.find(text), std::string::npos) << "the peer's text is not shown raw";
	}
}

TEST_F(Talking, ADeafPeerFillsNoMemoryAndEndsIt) {
	EXPECT_FALSE(talk.unsent().empty());
	for (auto now = 5000ms; now < 15'000ms; now += 5000ms) {
		EXPECT_FALSE(talk.hear("beat\n", now));
		talk.speak(50s, now);
		EXPECT_EQ(talk.unsent(), "ready 1 interval=5 limit=15 left=60\n");
	}
	EXPECT_FALSE(talk.hear("beat\n", 14'999ms));
	EXPECT_FALSE(talk.patience(14'999ms));
	EXPECT_EQ(talk.patience(15'000ms)->bye, Bye::silent);
}

TEST_F(Talking, TheLastLineComesWholeAfterWhatWasBegun) {
	talk.sent(6, 0ms);
	talk.take_leave(Bye::expired);
	EXPECT_EQ(said(0ms), "1 interval=5 limit=15 left=60\nbye expired\n");
	talk.speak(50s, 5000ms);
	talk.take_leave(Bye::blocked);
	EXPECT_EQ(said(5000ms), "bye blocked\n");
}

// ---- the find_listener_owner ----

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
		const UniqueFd find_listener_owner(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
		sockaddr_storage place{};
		socklen_t size = sizeof place;
		place.ss_family = static_cast<sa_family_t>(family);
		if (family == AF_INET)
			::inet_pton(AF_INET, address, &reinterpret_cast<sockaddr_in*>(&place)->sin_addr);
		else
			::inet_pton(AF_INET6, address, &reinterpret_cast<sockaddr_in6*>(&place)->sin6_addr);
		if (::bind(find_listener_owner.get(), reinterpret_cast<sockaddr*>(&place),
				family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6)) != 0)
			continue;    // a system without IPv6
		ASSERT_EQ(::listen(find_listener_owner.get(), 1), 0);
		ASSERT_EQ(
			::getsockname(find_listener_owner.get(), reinterpret_cast<sockaddr*>(&place), &size),
			0);
		// at the same place in both
		const int port = ntohs(reinterpret_cast<sockaddr_in*>(&place)->sin_port);
		EXPECT_TRUE(*has_listener("/proc/net", address, port, ::geteuid())) << address;
		EXPECT_FALSE(*has_listener("/proc/net", address, port, ::geteuid() + 1)) << address;
	}
	EXPECT_FALSE(has_listener("/nonexistent", "127.0.0.1", 1, 0));
}

// ---- the ready file ----

class ReadyFile : public testing::Test {
protected:
	ReadyFile() { test::make(paths.ready()); }
	[[nodiscard]] bool up() const { return is_tunnel_up(paths, serial); }
	[[nodiscard]] bool named() const { return test::is_there(paths.ready() + "/sn1"); }

	const test::TemporaryFolder folder;
	const Paths paths{.state = folder.path(), .run = folder.path()};
	const Serial serial = *Serial::parse("sn1");
};

TEST_F(ReadyFile, TellsThatTheTunnelIsUpForAsLongAsItIsHeld) {
	EXPECT_FALSE(up());
	{
		const Result<Ready> ready = Ready::take(paths, serial);
		ASSERT_TRUE(ready) << ready.error().what;
		EXPECT_TRUE(up());
		EXPECT_TRUE(ready->ours());
		struct stat status {};
		ASSERT_EQ(::lstat((paths.ready() + "/sn1").c_str(), &status), 0);
		EXPECT_EQ(status.st_mode & 07777U, 0644U);
	}
	EXPECT_FALSE(up());
	EXPECT_FALSE(named());
}

TEST_F(ReadyFile, TheNewestHoldsItAtOnceAndAFormerOneRemovesNothing) {
	std::optional<Ready> former(*Ready::take(paths, serial));
	const Result<Ready> newest = Ready::take(paths, serial);
	ASSERT_TRUE(newest) << newest.error().what;
	EXPECT_TRUE(newest->ours());
	EXPECT_FALSE(former->ours());
	former.reset();
	EXPECT_TRUE(newest->ours());
	EXPECT_TRUE(up());
}

TEST_F(ReadyFile, AFileThatWasLeftBehindSaysNothingAndIsNoHindrance) {
	test::spill(paths.ready() + "/sn1", "");
	test::spill(paths.ready() + "/.sn1.new", "");
	EXPECT_FALSE(up());
	EXPECT_TRUE(Ready::take(paths, serial));
	EXPECT_FALSE(named());
}

TEST_F(ReadyFile, WithoutItsFolderThereIsNone) {
	ASSERT_TRUE(remove_tree(paths.ready()));
	EXPECT_FALSE(Ready::take(paths, serial));
}

TEST(OwnSshd, IsTheParentAndMustBeAnSshd) {
	const Result<OwnSshd> sshd = OwnSshd::attach();
	ASSERT_FALSE(sshd) << "whatever started the tests, it was no sshd";
	EXPECT_TRUE(sshd.error().code == Fault::untrusted || sshd.error().code == Fault::not_found)
		<< sshd.error().what;
}

}    // namespace
}    // namespace rassist::hold
