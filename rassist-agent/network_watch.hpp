// rtnetlink(7) tells here that this machine has another network than before: an address, a default
// route or a link came. Repeated news of what was known (router advertisements renew addresses
// every few minutes) is no change.
#pragma once

#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"
#include "rassist-agent/loop.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>

namespace rassist::agent {

/// What is known of the network; it is fed with netlink messages. Pure.
class NetworkPicture {
public:
	/// Whether the datagram tells of something that was not there before.
	[[nodiscard]] bool learn(std::span<const std::byte> datagram);

private:
	std::set<std::string> addresses_;
	std::set<std::string> routes_;
	std::map<int, bool> running_;    // interface index → carrier
};

class NetworkWatch {
public:
	/// `changed` is called once after a burst of news has passed.
	static Result<std::unique_ptr<NetworkWatch>> open(Loop& loop, std::function<void()> changed);

private:
	NetworkWatch(UniqueFd fd, std::function<void()> changed)
		: fd_(std::move(fd)), changed_(std::move(changed)) {}
	Status request_dump(int type);
	void learn_present();
	[[nodiscard]] bool receive();

	UniqueFd fd_;
	std::function<void()> changed_;
	NetworkPicture picture_;
	bool pending_ = false;
	EventSourceHandle source_, calm_;
};

}    // namespace rassist::agent
