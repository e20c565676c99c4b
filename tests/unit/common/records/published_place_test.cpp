#include "common/records/published_place.hpp"

#include <gtest/gtest.h>

namespace rassist {
namespace {

TEST(PublishedPlace, IsReadAsItIsWritten) {
	for (const std::string text : {"ssh=203.0.113.10:20000", "http=[2001:db8::10]:20001"}) {
		const auto place = PublishedPlace::parse(text);
		ASSERT_TRUE(place) << place.error().what;
		EXPECT_EQ(place->str(), text);
	}
	EXPECT_EQ(PublishedPlace::parse("ssh=[2001:DB8:0::10]:20000")->address, "2001:db8::10")
		<< "canonical: sshd compares text";
}

TEST(PublishedPlace, RefusesWhatIsNoPlace) {
	for (const std::string text : {"", "ssh", "ssh=", "ftp=203.0.113.10:20000", "ssh=203.0.113.10",
			 "ssh=203.0.113.10:0", "ssh=203.0.113.10:70000", "ssh=relay.example.com:20000",
			 "ssh=2001:db8::10:20000", "ssh=127.0.0.1:20000", "ssh=[::1]:20000",
			 "ssh=0.0.0.0:20000", "ssh=[::]:20000", "ssh=224.0.0.1:20000", "ssh=[ff02::1]:20000",
			 "ssh=[fe80::1]:20000", "ssh=[::ffff:203.0.113.10]:20000", "ssh=203.0.113.10:20000x"})
		EXPECT_FALSE(PublishedPlace::parse(text)) << text;
}

TEST(PublishedPlace, AListIsBoundedAndHasNothingTwice) {
	std::string list;
	for (std::size_t i = 0; i < kPublishedPlacesMost; ++i)
		list += (i == 0 ? "" : " ") +
				PublishedPlace{Service::ssh, "203.0.113.10", 20000 + static_cast<int>(i)}.str();
	const auto places = parse_published_places(list);
	ASSERT_TRUE(places);
	EXPECT_EQ(format_published_places(*places), list);
	EXPECT_FALSE(parse_published_places(list + " ssh=203.0.113.11:20000"));
	EXPECT_FALSE(parse_published_places("ssh=203.0.113.10:20000 ssh=203.0.113.10:20000"));
	EXPECT_TRUE(parse_published_places("")->empty());
}

TEST(PublishedPlace, SaysWhatToType) {
	EXPECT_EQ(format_reach_command({Service::ssh, "2001:db8::10", 20000}),
		"ssh -p 20000 rassist@2001:db8::10");
	EXPECT_EQ(
		format_reach_command({Service::http, "203.0.113.10", 20001}), "http://203.0.113.10:20001/");
	EXPECT_EQ(format_reach_command({Service::http, "2001:db8::10", 20001}),
		"http://[2001:db8::10]:20001/");
}

TEST(PortRange, IsOfPortsThatNeedNoPrivilege) {
	EXPECT_EQ(PortRange::parse("20000-29999").value(), (PortRange{20000, 29999}));
	EXPECT_EQ(PortRange::parse("2000")->str(), "2000-2000");
	EXPECT_TRUE(PortRange::parse("20000-29999")->holds(29999));
	EXPECT_FALSE(PortRange::parse("20000-29999")->holds(30000));
	for (const std::string text : {"", "-", "80-90", "1023-2000", "2000-1999", "2000-65536",
			 "2000-", "-2000", "2000-3000-4000", "a-b"})
		EXPECT_FALSE(PortRange::parse(text)) << text;
}

}    // namespace
}    // namespace rassist
