#include "rassist-agent/network_watch.hpp"

#include "common/system/clock.hpp"

#include <linux/if_addr.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

namespace rassist::agent {
namespace {

// a new network comes as a burst of news: link, address, route
constexpr std::chrono::milliseconds kCalm{300};

using Bytes = std::span<const std::byte>;

/// The structure at the beginning, where the bytes reach.
template <class T> std::optional<T> read_front(Bytes bytes) {
	if (bytes.size() < sizeof(T))
		return std::nullopt;
	T value{};
	std::memcpy(&value, bytes.data(), sizeof(T));
	return value;
}

constexpr std::size_t aligned(std::size_t size) {
	return (size + 3) & ~std::size_t{3};    // NLMSG_ALIGN, RTA_ALIGN
}

Bytes skip_front(Bytes bytes, std::size_t size) {
	return bytes.subspan(std::min(bytes.size(), aligned(size)));
}

std::string text_of(Bytes bytes) {
	return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The attributes of the wanted types, in the order in which they come, as one key.
std::string attribute_key(Bytes rest, std::initializer_list<unsigned> wanted) {
	std::string key;
	while (const auto header = read_front<rtattr>(rest)) {
		if (header->rta_len < sizeof(rtattr) || header->rta_len > rest.size())
			break;
		for (const unsigned type : wanted) {
			if (header->rta_type == type)
				key += std::to_string(type) + "=" +
					   text_of(rest.subspan(sizeof(rtattr), header->rta_len - sizeof(rtattr))) +
					   ";";
		}
		rest = skip_front(rest, header->rta_len);
	}
	return key;
}

bool note_presence(std::set<std::string>& known, bool came, std::string key) {
	if (came)
		return known.insert(std::move(key)).second;
	known.erase(key);
	return false;
}

}    // namespace

bool NetworkPicture::learn(Bytes datagram) {
	bool changed = false;
	while (const auto header = read_front<nlmsghdr>(datagram)) {
		if (header->nlmsg_len < sizeof(nlmsghdr) || header->nlmsg_len > datagram.size())
			break;
		const Bytes body = datagram.first(header->nlmsg_len).subspan(sizeof(nlmsghdr));
		datagram = skip_front(datagram, header->nlmsg_len);
		if (header->nlmsg_type == RTM_NEWADDR || header->nlmsg_type == RTM_DELADDR) {
			const auto address = read_front<ifaddrmsg>(body);
			// An IPv6 address that is still being probed for duplicates cannot be used; the kernel
			// tells again once it can.
			if (!address || address->ifa_scope >= RT_SCOPE_LINK ||
				(address->ifa_flags & IFA_F_TENTATIVE) != 0)
				continue;
			changed |= note_presence(addresses_, header->nlmsg_type == RTM_NEWADDR,
				std::to_string(address->ifa_index) + ":" +
					attribute_key(skip_front(body, sizeof(*address)), {IFA_ADDRESS, IFA_LOCAL}));
		} else if (header->nlmsg_type == RTM_NEWROUTE || header->nlmsg_type == RTM_DELROUTE) {
			const auto route = read_front<rtmsg>(body);
			if (!route || route->rtm_dst_len != 0 || route->rtm_type != RTN_UNICAST)
				continue;
			changed |= note_presence(routes_, header->nlmsg_type == RTM_NEWROUTE,
				std::to_string(route->rtm_family) + ":" +
					attribute_key(skip_front(body, sizeof(*route)),
						{RTA_GATEWAY, RTA_OIF, RTA_PRIORITY, RTA_TABLE}));
		} else if (header->nlmsg_type == RTM_NEWLINK || header->nlmsg_type == RTM_DELLINK) {
			const auto link = read_front<ifinfomsg>(body);
			if (!link || (link->ifi_flags & IFF_LOOPBACK) != 0)
				continue;
			const bool running =
				header->nlmsg_type == RTM_NEWLINK && (link->ifi_flags & IFF_RUNNING) != 0;
			changed |= !std::exchange(running_[link->ifi_index], running) && running;
		}
	}
	return changed;
}

Result<std::unique_ptr<NetworkWatch>> NetworkWatch::open(
	Loop& loop, std::function<void()> changed) {
	UniqueFd fd(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE));
	if (!fd)
		return os_error(errno, "netlink");
	sockaddr_nl address{};
	address.nl_family = AF_NETLINK;
	address.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_IFADDR |
						RTMGRP_IPV6_ROUTE;
	if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
		return os_error(errno, "netlink");
	std::unique_ptr<NetworkWatch> watch(new NetworkWatch(std::move(fd), std::move(changed)));
	watch->learn_present();
	auto calm = loop.add_timer([raw = watch.get()] {
		raw->pending_ = false;
		raw->changed_();
	});
	if (!calm)
		return calm.error();
	watch->calm_ = std::move(*calm);
	auto source = loop.on_readable(watch->fd_.get(), [raw = watch.get()] {
		if (!raw->receive() || raw->pending_)
			return;
		// The timer is not put off by more news: a network that is never calm must not keep us
		// waiting.
		raw->pending_ = true;
		Loop::set_timer(*raw->calm_, read_boot_milliseconds() + kCalm);
	});
	if (!source)
		return source.error();
	watch->source_ = std::move(*source);
	return watch;
}

Status NetworkWatch::request_dump(int type) {
	struct {
		nlmsghdr header;
		rtgenmsg body;
	} request{};
	request.header.nlmsg_len = NLMSG_LENGTH(sizeof(rtgenmsg));
	request.header.nlmsg_type = static_cast<std::uint16_t>(type);
	request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	request.body.rtgen_family = AF_UNSPEC;
	if (::send(fd_.get(), &request, request.header.nlmsg_len, 0) < 0)
		return os_error(errno, "netlink");
	return Done{};
}

/// What is there already is no news. The kernel makes a dump while it is read, so nothing has to be
/// waited for. Routes are not asked for (a router has a million of them); the default route's next
/// mention costs one needless beat.
void NetworkWatch::learn_present() {
	for (const int type : {RTM_GETLINK, RTM_GETADDR})
		if (request_dump(type))
			static_cast<void>(receive());
}

/// Takes all that waits in the socket. Where the kernel had to drop news (ENOBUFS), anything may
/// have changed.
bool NetworkWatch::receive() {
	alignas(nlmsghdr) std::array<std::byte, 32768> buffer{};
	bool changed = false;
	for (;;) {
		const ssize_t got = ::recv(fd_.get(), buffer.data(), buffer.size(), MSG_TRUNC);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return changed || errno == ENOBUFS;
		changed |= static_cast<std::size_t>(got) > buffer.size() ||
				   picture_.learn(Bytes(buffer).first(static_cast<std::size_t>(got)));
	}
}

}    // namespace rassist::agent
