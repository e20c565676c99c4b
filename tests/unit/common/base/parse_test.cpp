#include "common/base/parse.hpp"
#include "common/base/parse_network.hpp"
#include "common/base/relay_address.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <set>

namespace rassist {
namespace {

using namespace std::chrono_literals;

TEST(Quoted, IsSafeOnATerminal) {
	EXPECT_EQ(quoted("plain text"), "\"plain text\"");
	EXPECT_EQ(quoted("a\x1b[31m\n\t\x7f"), "\"a\\x1b[31m\\x0a\\x09\\x7f\"");
	EXPECT_EQ(quoted("\xc3\xa4"), "\"\\xc3\\xa4\"");
	EXPECT_EQ(quoted("say \"x\\y\""), "\"say \\\"x\\\\y\\\"\"");
	EXPECT_EQ(quoted("abcdef", 3), "\"abc…\"");
	EXPECT_EQ(quoted("abc", 3), "\"abc\"");
	EXPECT_EQ(quoted(""), "\"\"");
}

TEST(ParseInteger, TakesDigitsInRange) {
	EXPECT_EQ(*parse_integer("0", 0, 10), 0);
	EXPECT_EQ(*parse_integer("10", 0, 10), 10);
	EXPECT_EQ(*parse_integer("9223372036854775807", 0, std::numeric_limits<std::int64_t>::max()),
		std::numeric_limits<std::int64_t>::max());
	for (const char* bad : {"", "11", "-1", "+1", " 1", "1 ", "0x1", "1.0", "1e1",
			 "9223372036854775808", "99999999999999999999999"})
		EXPECT_EQ(parse_integer(bad, 0, 10).error().code, Fault::invalid) << bad;
	EXPECT_FALSE(parse_integer("1", 2, 10));
	EXPECT_FALSE(parse_integer(std::string_view("1\0", 2), 0, 10));
}

TEST(ParseDuration, ReadsWhatPeopleWrite) {
	struct Case {
		const char* text;
		std::chrono::seconds seconds;
	};
	for (const Case& c : {Case{"90", 90s}, Case{"90s", 90s}, Case{"15m", 15min}, Case{"2h", 2h},
			 Case{"1h30m", 90min}, Case{"1d", 24h}, Case{"1d2h3m4s", 93784s}, Case{"30d", 720h},
			 Case{"1", 1s}})
		EXPECT_EQ(*parse_duration(c.text), c.seconds) << c.text;
}

TEST(ParseDuration, RefusesTheRest) {
	for (const char* bad : {"", "0", "0s", "s", "h1", "1h30", "30m1h", "1h1h", "1w", "1 h", " 1h",
			 "1h ", "-1h", "+1h", "1.5h", "31d", "30d1s", "1d99999999999999999999s", "2592001",
			 "9999999999", "99999999999999999999h", "1H", "1hh"})
		EXPECT_EQ(parse_duration(bad).error().code, Fault::invalid) << bad;
}

TEST(FormatDuration, HasTwoUnitsAtMost) {
	struct Case {
		std::chrono::seconds seconds;
		const char* text;
	};
	for (const Case& c : {Case{2h, "2h"}, Case{3900s, "1h 5m"}, Case{45s, "45s"},
			 Case{3661s, "1h 1m"}, Case{3605s, "1h"}, Case{65s, "1m 5s"}, Case{26h, "1d 2h"},
			 Case{0s, "0s"}, Case{-5s, "0s"}})
		EXPECT_EQ(format_duration(c.seconds), c.text);
}

TEST(ParseYesNo, KnowsEightWords) {
	for (const char* yes : {"yes", "true", "on", "1"})
		EXPECT_TRUE(*parse_yes_no(yes)) << yes;
	for (const char* no : {"no", "false", "off", "0"})
		EXPECT_FALSE(*parse_yes_no(no)) << no;
	for (const char* bad : {"", "y", "Yes", "2", "yes ", "maybe"})
		EXPECT_EQ(parse_yes_no(bad).error().code, Fault::invalid) << bad;
}

TEST(FormatUtc, IsWhatRfc3339Says) {
	EXPECT_EQ(format_utc(0), "1970-01-01T00:00:00Z");
	EXPECT_EQ(format_utc(1795278000), "2026-11-21T16:20:00Z");
	EXPECT_EQ(format_utc(std::numeric_limits<std::int64_t>::max()), "?");
}

TEST(Serial, IsOneDnsLabelInLowerCase) {
	EXPECT_EQ(Serial::parse("SN-123")->str(), "sn-123");
	EXPECT_EQ(Serial::parse("7")->str(), "7");
	EXPECT_TRUE(Serial::parse(std::string(63, 'a')));
	for (const std::string& bad : {std::string(), std::string(64, 'a'), std::string("-a"),
			 std::string("a-"), std::string("a.b"), std::string("a_b"), std::string("a b"),
			 std::string("a/b"), std::string(".."), std::string("a\n"), std::string("a\0", 2),
			 std::string("ä"), std::string("a*")})
		EXPECT_EQ(Serial::parse(bad).error().code, Fault::invalid) << bad;
}

TEST(Name, IsSafeAsAFileName) {
	EXPECT_EQ(Name::parse("Anna.Berg_2-x")->str(), "anna.berg_2-x");
	EXPECT_TRUE(Name::parse(std::string(63, 'a')));
	for (const std::string& bad : {std::string(), std::string(64, 'a'), std::string(".a"),
			 std::string("-a"), std::string("_a"), std::string("a..b"), std::string("a/b"),
			 std::string("a b"), std::string("a@b"), std::string("a\0b", 3)})
		EXPECT_EQ(Name::parse(bad).error().code, Fault::invalid) << bad;
}

TEST(Id, HasTenCharactersOfItsAlphabet) {
	EXPECT_EQ(Id::parse("0123456789")->str(), "0123456789");
	for (const char* bad : {"", "012345678", "01234567890", "012345678i", "012345678l",
			 "012345678o", "012345678u", "012345678A", "012345678/"})
		EXPECT_EQ(Id::parse(bad).error().code, Fault::invalid) << bad;
	std::set<std::string> seen;
	std::set<char> characters;
	for (int i = 0; i < 500; ++i) {
		const Id id = Id::random();
		EXPECT_TRUE(Id::parse(id.str())) << id.str();
		seen.insert(id.str());
		characters.insert(id.str().begin(), id.str().end());
	}
	EXPECT_EQ(seen.size(), 500U);
	EXPECT_EQ(characters.size(), 32U);
}

TEST(HostPort, TakesNamesAndAddresses) {
	struct Case {
		const char* text;
		const char* host;
		int port;
		const char* again;
	};
	for (const Case& c :
		{Case{"Relay.Example.com:443", "relay.example.com", 443, "relay.example.com:443"},
			Case{"127.0.0.1:80", "127.0.0.1", 80, "127.0.0.1:80"},
			Case{"[2001:DB8::1]:65535", "2001:db8::1", 65535, "[2001:db8::1]:65535"},
			Case{"localhost:1", "localhost", 1, "localhost:1"}}) {
		const Result<HostPort> parsed = parse_host_port(c.text);
		ASSERT_TRUE(parsed) << c.text;
		EXPECT_EQ(parsed->host, c.host);
		EXPECT_EQ(parsed->port, c.port);
		EXPECT_EQ(parsed->str(), c.again);
	}
}

TEST(HostPort, RefusesWhatAShellOrSshWouldTakeOtherwise) {
	for (const std::string& bad : {std::string(), std::string("host"), std::string("host:"),
			 std::string(":80"), std::string("host:0"), std::string("host:65536"),
			 std::string("host:80x"), std::string("-oProxyCommand=x:80"), std::string("-host:80"),
			 std::string("a.-b:80"), std::string("a b:80"), std::string("a;b:80"),
			 std::string("$(id):80"), std::string("a`b`:80"), std::string("a'b:80"),
			 std::string("user@host:80"), std::string("a/b:80"), std::string("%h:80"),
			 std::string("*:80"), std::string("2001:db8::1:80"), std::string("[127.0.0.1]:80"),
			 std::string("[2001:db8::1%eth0]:80"), std::string("[::1:80"), std::string("[::1]80"),
			 std::string("[::1]x80"), std::string("300.1.1.1:80"), std::string("1.2.3:80"),
			 std::string("010.0.0.1:80"), std::string("a..b:80"), std::string("a.:80"),
			 std::string("a-.b:80"), std::string("a_b:80"), std::string("a\n:80"),
			 std::string("a\0b:80", 6), std::string(64, 'a') + ":80",
			 std::string("127.0.0.1:80:90")})
		EXPECT_EQ(parse_host_port(bad).error().code, Fault::invalid) << bad;
}

TEST(ParseHost, TakesIpv6WithAndWithoutBrackets) {
	EXPECT_EQ(*parse_host("[::1]"), "::1");
	EXPECT_EQ(*parse_host("::1"), "::1");
	EXPECT_FALSE(parse_host("host:80"));
	std::string long_name;
	for (int i = 0; i < 5; ++i)
		long_name += std::string(60, 'a') + ".";
	EXPECT_FALSE(parse_host(long_name + "com"));
}

TEST(RelayAddress, HasItsPortsInOrder) {
	EXPECT_EQ(
		*parse_relay_address("relay.example.com"), (RelayAddress{"relay.example.com", {443}}));
	EXPECT_EQ(*parse_relay_address("relay.example.com:2222,443"),
		(RelayAddress{"relay.example.com", {2222, 443}}));
	EXPECT_EQ(*parse_relay_address("[2001:db8::1]:443"), (RelayAddress{"2001:db8::1", {443}}));
	EXPECT_EQ(*parse_relay_address("[2001:db8::1]"), (RelayAddress{"2001:db8::1", {443}}));
	for (const char* bad : {"", "h:", "h:1,", "h:,1", "h:1,1", "h:1,,2", "h:1 ,2", "h:x", "-h",
			 "h:1,2,3,4,5,6,7,8,9", "2001:db8::1"})
		EXPECT_EQ(parse_relay_address(bad).error().code, Fault::invalid) << bad;
}

TEST(Network, IsCanonical) {
	struct Case {
		const char* text;
		const char* canonical;
	};
	for (const Case& c : {Case{"203.0.113.0/24", "203.0.113.0/24"},
			 Case{"203.0.113.7", "203.0.113.7/32"}, Case{"0.0.0.0/0", "0.0.0.0/0"},
			 Case{"2001:DB8:0::/32", "2001:db8::/32"}, Case{"2001:db8::1", "2001:db8::1/128"},
			 Case{"::/0", "::/0"}, Case{"10.128.0.0/9", "10.128.0.0/9"}})
		EXPECT_EQ(Network::parse(c.text)->str(), c.canonical);
}

TEST(Network, RefusesTheRest) {
	for (const char* bad : {"", "/24", "203.0.113.0/", "203.0.113.0/33", "203.0.113.1/24",
			 "10.192.0.0/9", "2001:db8::1/32", "2001:db8::/129", "203.0.113/24", "203.0.113.0/24/8",
			 "*", "example.com", "203.0.113.0/-1", "!203.0.113.0/24", "203.0.113.0/24,10.0.0.0/8",
			 "203.0.113.0 /24", "::ffff:1.2.3.4", "fe80::1%eth0", "203.0.113.0\"/24"})
		EXPECT_EQ(Network::parse(bad).error().code, Fault::invalid) << bad;
	EXPECT_FALSE(Network::parse(std::string_view("203.0.113.0\0x", 13)));
	EXPECT_NE(
		Network::parse("203.0.113.9/24").error().what.find("203.0.113.0/24"), std::string::npos)
		<< "says what was meant";
}

TEST(Network, CoversAddressesOfItsOwnKind) {
	struct Case {
		const char* network;
		const char* address;
		bool covered;
	};
	for (const Case& c : {Case{"203.0.113.0/24", "203.0.113.255", true},
			 Case{"203.0.113.0/24", "203.0.114.0", false}, Case{"203.0.113.7", "203.0.113.7", true},
			 Case{"203.0.113.7", "203.0.113.6", false}, Case{"10.128.0.0/9", "10.255.0.1", true},
			 Case{"10.128.0.0/9", "10.127.255.255", false}, Case{"0.0.0.0/0", "198.51.100.1", true},
			 Case{"0.0.0.0/0", "2001:db8::1", false}, Case{"::/0", "203.0.113.7", false},
			 Case{"::/0", "2001:db8::1", true}, Case{"2001:db8::/33", "2001:db8:7fff::1", true},
			 Case{"2001:db8::/33", "2001:db8:8000::1", false},
			 Case{"203.0.113.0/24", "::ffff:203.0.113.7", true},
			 Case{"203.0.113.0/24", "::ffff:203.0.114.7", false},
			 Case{"fe80::/10", "fe80::1%eth0", true}, Case{"cb00:7100::/24", "203.0.113.7", false}})
		EXPECT_EQ(Network::parse(c.network)->covers(*IpAddress::parse(c.address)), c.covered)
			<< c.network << " " << c.address;
}

TEST(IpAddress, RefusesWhatIsNone) {
	for (const char* bad : {"", "unknown", "tunnel", "203.0.113", "203.0.113.7%eth0",
			 "203.0.113.7/32", "2001:db8::/32", "relay.example.com", "%", ":"})
		EXPECT_EQ(IpAddress::parse(bad).error().code, Fault::invalid) << bad;
	EXPECT_FALSE(IpAddress::parse(std::string_view("203.0.113.7\0", 12)));
	EXPECT_EQ(IpAddress::parse("::ffff:203.0.113.7")->str(), "203.0.113.7");
}

TEST(DeviceAddress, FitsItsNetwork) {
	EXPECT_EQ(*make_device_address(1), "127.64.0.1");
	EXPECT_EQ(*make_device_address(256), "127.64.1.0");
	EXPECT_EQ(*make_device_address(4194303), "127.127.255.255");
	for (const std::int64_t bad : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{4194304},
			 std::numeric_limits<std::int64_t>::max()})
		EXPECT_EQ(make_device_address(bad).error().code, Fault::invalid) << bad;
	for (const std::int64_t index : {1, 2, 255, 65536, 4194303})
		EXPECT_EQ(*parse_device_address(*make_device_address(index)), *make_device_address(index));
	for (const char* bad : {"", "127.0.0.1", "127.64.0.0", "127.63.255.255", "127.128.0.0",
			 "10.0.0.1", "::1", "7f40:1::", "127.64.0.1 ", "127.64.1", "127.064.0.1"})
		EXPECT_EQ(parse_device_address(bad).error().code, Fault::invalid) << bad;
}

TEST(Words, AreSplitAndTrimmed) {
	EXPECT_EQ(split_words("  a\tbc  d "), (std::vector<std::string>{"a", "bc", "d"}));
	EXPECT_TRUE(split_words(" \t ").empty());
	EXPECT_EQ(trimmed(" \t a b \r\n"), "a b");
	EXPECT_EQ(trimmed(" "), "");
}

TEST(Scope, CoversByPatternOrGroup) {
	struct Case {
		const char* scope;
		const char* serial;
		bool covered;
	};
	for (const Case& c :
		{Case{"*", "acme-1", true}, Case{"acme-*", "acme-1", true}, Case{"acme-*", "acm-1", false},
			Case{"ACME-1", "acme-1", true}, Case{"acme-1", "acme-12", false},
			Case{"*1", "acme-11", true}, Case{"a*e*1", "acme-1", true},
			Case{"a*x*1", "acme-1", false}, Case{"**", "a", true}, Case{"a*a", "a", false},
			Case{"acme-1*", "acme-1", true}, Case{"@north", "acme-1", true},
			Case{"@south", "acme-1", false}, Case{"@nort", "acme-1", false}})
		EXPECT_EQ(Scope::parse(c.scope)->covers(*Serial::parse(c.serial), {*Name::parse("north")}),
			c.covered)
			<< c.scope << " " << c.serial;
	EXPECT_FALSE(Scope::parse("north")->covers(*Serial::parse("acme-1"), {*Name::parse("north")}));
}

TEST(Scope, IncludesWhatItCoversWhoeverIsInWhichGroup) {
	struct Case {
		const char* wide;
		const char* narrow;
		bool included;
	};
	for (const Case& c : {Case{"*", "*", true}, Case{"*", "@gold", true},
			 Case{"**", "acme-*", true}, Case{"acme-*", "acme-*", true},
			 Case{"acme-*", "acme-1", true}, Case{"acme-*", "acme-1*", true},
			 Case{"acme-*", "acm*", false}, Case{"acme-*", "*", false},
			 Case{"acme-1", "acme-*", false}, Case{"acme-1", "acme-1", true},
			 Case{"*-1", "acme-*", false}, Case{"a*c", "ab*bc", true}, Case{"a*b*c", "a*c", false},
			 Case{"a*c", "a*b*c", true}, Case{"@gold", "@gold", true},
			 Case{"@gold", "@golden", false}, Case{"@gold", "acme-1", false},
			 Case{"@gold", "*", false}, Case{"gold*", "@gold", false}})
		EXPECT_EQ(Scope::parse(c.wide)->includes(*Scope::parse(c.narrow)), c.included)
			<< c.wide << " " << c.narrow;
}

TEST(Scope, AreAllWithinWhereEachIs) {
	const std::vector<Scope> wide{*Scope::parse("acme-*"), *Scope::parse("@gold")};
	EXPECT_TRUE(are_all_within({}, {}));
	EXPECT_TRUE(are_all_within({*Scope::parse("@gold"), *Scope::parse("acme-2")}, wide));
	EXPECT_FALSE(are_all_within({*Scope::parse("@gold"), *Scope::parse("beta")}, wide));
	EXPECT_FALSE(are_all_within({*Scope::parse("@gold")}, {}));
}

TEST(Scope, RefusesTheRest) {
	for (const std::string& bad : {std::string(), std::string("a?b"), std::string("a.b"),
			 std::string("[ab]"), std::string("!a"), std::string("@"), std::string("@-a"),
			 std::string("@*"), std::string("a b"), std::string(64, '*')})
		EXPECT_EQ(Scope::parse(bad).error().code, Fault::invalid) << bad;
}

}    // namespace
}    // namespace rassist
