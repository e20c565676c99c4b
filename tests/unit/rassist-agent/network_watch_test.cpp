// What the agent takes for another network. Messages as in rtnetlink(7).
#include "rassist-agent/network_watch.hpp"

#include <gtest/gtest.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include <cstring>
#include <string>
#include <vector>

namespace rassist::agent {
namespace {

using Message = std::vector<std::byte>;

void put(Message& to, const void* data, std::size_t size) {
	const auto* bytes = static_cast<const std::byte*>(data);
	to.insert(to.end(), bytes, bytes + size);
	to.resize((to.size() + 3) & ~std::size_t{3});
}

template <class Body>
Message message(
	int type, const Body& body, unsigned short attribute = 0, const std::string& value = {}) {
	Message inner;
	put(inner, &body, sizeof(body));
	if (attribute != 0) {
		const rtattr header{static_cast<unsigned short>(sizeof(rtattr) + value.size()), attribute};
		put(inner, &header, sizeof(header));
		put(inner, value.data(), value.size());
	}
	nlmsghdr header{};
	header.nlmsg_type = static_cast<unsigned short>(type);
	header.nlmsg_len = static_cast<unsigned>(sizeof(header) + inner.size());
	Message whole;
	put(whole, &header, sizeof(header));
	put(whole, inner.data(), inner.size());
	return whole;
}

Message address(int type, const std::string& ip, unsigned char scope = RT_SCOPE_UNIVERSE,
	unsigned char flags = 0) {
	ifaddrmsg body{};
	body.ifa_family = AF_INET;
	body.ifa_scope = scope;
	body.ifa_flags = flags;
	body.ifa_index = 2;
	return message(type, body, IFA_ADDRESS, ip);
}

Message route(int type, const std::string& gateway, unsigned char length = 0) {
	rtmsg body{};
	body.rtm_family = AF_INET;
	body.rtm_dst_len = length;
	body.rtm_type = RTN_UNICAST;
	return message(type, body, RTA_GATEWAY, gateway);
}

Message link(int type, unsigned flags) {
	ifinfomsg body{};
	body.ifi_index = 2;
	body.ifi_flags = flags;
	return message(type, body);
}

const std::string kHere("\x0a\0\0\1", 4);
const std::string kThere("\x0a\0\0\2", 4);

TEST(NetworkPictureLearn, ANewAddressIsAnotherNetworkOnce) {
	NetworkPicture picture;
	EXPECT_TRUE(picture.learn(address(RTM_NEWADDR, kHere)));
	EXPECT_FALSE(picture.learn(address(RTM_NEWADDR, kHere)))
		<< "renewed by a router's advertisement";
	EXPECT_TRUE(picture.learn(address(RTM_NEWADDR, kThere)));
	EXPECT_FALSE(picture.learn(address(RTM_DELADDR, kThere)));
	EXPECT_TRUE(picture.learn(address(RTM_NEWADDR, kThere)));
}

TEST(NetworkPictureLearn, AnAddressThatCannotBeUsedIsNone) {
	NetworkPicture picture;
	EXPECT_FALSE(picture.learn(address(RTM_NEWADDR, kHere, RT_SCOPE_HOST)));
	EXPECT_FALSE(picture.learn(address(RTM_NEWADDR, kHere, RT_SCOPE_LINK)));
	EXPECT_FALSE(picture.learn(address(RTM_NEWADDR, kHere, RT_SCOPE_UNIVERSE, IFA_F_TENTATIVE)));
	EXPECT_TRUE(picture.learn(address(RTM_NEWADDR, kHere)));
}

TEST(NetworkPictureLearn, OnlyDefaultRoutesCount) {
	NetworkPicture picture;
	EXPECT_FALSE(picture.learn(route(RTM_NEWROUTE, kHere, 24)));
	EXPECT_TRUE(picture.learn(route(RTM_NEWROUTE, kHere)));
	EXPECT_FALSE(picture.learn(route(RTM_NEWROUTE, kHere)));
	EXPECT_TRUE(picture.learn(route(RTM_NEWROUTE, kThere)));
}

TEST(NetworkPictureLearn, ALinkThatComesBackIsAnotherNetwork) {
	NetworkPicture picture;
	EXPECT_TRUE(picture.learn(link(RTM_NEWLINK, IFF_UP | IFF_RUNNING)));
	EXPECT_FALSE(picture.learn(link(RTM_NEWLINK, IFF_UP | IFF_RUNNING)));
	EXPECT_FALSE(picture.learn(link(RTM_NEWLINK, IFF_UP)));
	EXPECT_TRUE(picture.learn(link(RTM_NEWLINK, IFF_UP | IFF_RUNNING)));
	EXPECT_FALSE(picture.learn(link(RTM_NEWLINK, IFF_UP | IFF_RUNNING | IFF_LOOPBACK)));
}

TEST(NetworkPictureLearn, ReadsSeveralMessagesOfADatagramAndStopsAtACutOne) {
	NetworkPicture picture;
	Message both = link(RTM_NEWLINK, IFF_UP);
	const Message second = address(RTM_NEWADDR, kHere);
	both.insert(both.end(), second.begin(), second.end());
	EXPECT_TRUE(picture.learn(both));
	for (std::size_t size = 0; size < second.size(); ++size) {
		NetworkPicture fresh;
		EXPECT_FALSE(fresh.learn(std::span(second).first(size))) << size;
	}
}

TEST(NetworkPictureLearn, AnAttributeThatLiesAboutItsLengthIsNotFollowed) {
	Message lying = address(RTM_NEWADDR, kHere);
	const unsigned short length = 60'000;
	std::memcpy(lying.data() + sizeof(nlmsghdr) + sizeof(ifaddrmsg), &length, sizeof(length));
	NetworkPicture picture;
	EXPECT_TRUE(picture.learn(lying)) << "an address is an address";
}

}    // namespace
}    // namespace rassist::agent
