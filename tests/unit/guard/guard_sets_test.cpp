// The sets of the guard's rules, by the configuration.
#include "common/base/parse_network.hpp"
#include "guard/sets.hpp"

#include <gtest/gtest.h>

namespace rassist::guard {
namespace {

constexpr PortRange kOutgoing{32768, 60999};

Config publishing() {
	Config config;
	config.publish_addresses = {"203.0.113.10", "2001:db8::10"};
	config.support_from = {Network::parse("203.0.113.0/24").value(),
		Network::parse("2001:db8:1::/48").value(), Network::parse("198.51.100.7").value()};
	return config;
}

TEST(Guard, PublishesWhereTheConfigurationSaysWhereAndForWhom) {
	const Guarding guarding = plan_guarding(publishing(), kOutgoing);
	EXPECT_EQ(guarding.off, "");
	EXPECT_EQ(guarding.addresses, publishing().publish_addresses);
	EXPECT_EQ(guarding.ports, (PortRange{20000, 29999}));
}

TEST(Guard, PublishesNothingByDefault) {
	const Guarding guarding = plan_guarding(Config{}, kOutgoing);
	EXPECT_TRUE(guarding.addresses.empty());
	EXPECT_NE(guarding.off.find("publish-address"), std::string::npos);
}

TEST(Guard, PublishesNothingToAnybody) {
	Config config = publishing();
	config.support_from.clear();
	EXPECT_TRUE(plan_guarding(config, kOutgoing).addresses.empty());
	EXPECT_NE(plan_guarding(config, kOutgoing).off.find("support-from"), std::string::npos);
}

TEST(Guard, LeavesThePortsOfTheRelaysOwnConnectionsAlone) {
	Config config = publishing();
	for (const PortRange range : {PortRange{20000, 32768}, PortRange{60999, 61000},
			 PortRange{40000, 40001}, PortRange{20000, 65535}}) {
		config.publish_ports = range;
		EXPECT_FALSE(plan_guarding(config, kOutgoing).off.empty()) << range.str();
		EXPECT_TRUE(plan_guarding(config, kOutgoing).addresses.empty()) << range.str();
	}
	config.publish_ports = {61000, 65535};
	EXPECT_EQ(plan_guarding(config, kOutgoing).off, "");
}

TEST(Guard, TheSetsAreReplacedInOneTransaction) {
	EXPECT_EQ(format_sets(plan_guarding(publishing(), kOutgoing), publishing().support_from, 42),
		"flush set inet rassist_guard support4\n"
		"add element inet rassist_guard support4 { 203.0.113.0/24, 198.51.100.7/32 }\n"
		"flush set inet rassist_guard support6\n"
		"add element inet rassist_guard support6 { 2001:db8:1::/48 }\n"
		"flush set inet rassist_guard published4\n"
		"add element inet rassist_guard published4 { 203.0.113.10 }\n"
		"flush set inet rassist_guard published6\n"
		"add element inet rassist_guard published6 { 2001:db8::10 }\n"
		"flush set inet rassist_guard published_ports\n"
		"add element inet rassist_guard published_ports { 20000-29999 }\n"
		"flush set inet rassist_guard generation\n"
		"add element inet rassist_guard generation { 0x0000002a }\n");
}

TEST(Guard, WhatIsOffIsEmpty) {
	const std::string text = format_sets(plan_guarding(Config{}, kOutgoing), {}, 0xffffffff);
	EXPECT_EQ(text.find("add element inet rassist_guard published4"), std::string::npos);
	EXPECT_EQ(text.find("add element inet rassist_guard published6"), std::string::npos);
	EXPECT_EQ(text.find("add element inet rassist_guard support"), std::string::npos);
	EXPECT_NE(text.find("generation { 0xffffffff }"), std::string::npos);
}

TEST(Guard, WhatItStandsBeforeIsReadAsItIsWritten) {
	const Guarding guarding = plan_guarding(publishing(), kOutgoing);
	const auto read = parse_guarding(format_guarding(guarding), "guarding");
	ASSERT_TRUE(read) << read.error().what;
	EXPECT_EQ(read->addresses, guarding.addresses);
	EXPECT_EQ(read->ports, guarding.ports);
	EXPECT_EQ(parse_guarding(format_guarding(plan_guarding(Config{}, kOutgoing)), "guarding")->off,
		plan_guarding(Config{}, kOutgoing).off);
	EXPECT_FALSE(
		parse_guarding("[guarding]\nversion = 1\naddresses = 203.0.113.10\n", "cut short"));
	EXPECT_FALSE(parse_guarding(
		"[guarding]\nversion = 1\naddresses = 0.0.0.0\nports = 20000-20001\n", "everywhere"));
}

}    // namespace
}    // namespace rassist::guard
