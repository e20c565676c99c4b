// The probe of devices: who answers, who is asked, and what is kept of it.
#include "relay/probe_all.hpp"

#include "common/system/files.hpp"
#include "tests/unit/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <functional>

namespace rassist::probe {
namespace {

using std::chrono::milliseconds;

/// A pipe by which one process learns of an event in others: it ends once all of them have closed
/// `tell`.
struct Event {
	Event() {
		std::array<int, 2> ends{};
		EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
		happened = UniqueFd(ends[0]);
		tell = UniqueFd(ends[1]);
	}
	UniqueFd happened;
	UniqueFd tell;
};

/// Listens on a loopback address of its own; a child accepts once and does what `serve` says with
/// the connection.
class Server {
public:
	Server(const std::string& address, const std::function<void(int peer)>& serve)
		: listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
		sockaddr_in place{};
		place.sin_family = AF_INET;
		::inet_pton(AF_INET, address.c_str(), &place.sin_addr);
		place.sin_port = htons(static_cast<std::uint16_t>(kPort));
		const int on = 1;
		::setsockopt(listener_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
		EXPECT_EQ(::bind(listener_.get(), reinterpret_cast<sockaddr*>(&place), sizeof place), 0)
			<< address;
		EXPECT_EQ(::listen(listener_.get(), 5), 0);
		child_ = ::fork();
		if (child_ == 0) {
			serve(::accept(listener_.get(), nullptr, nullptr));
			::_exit(0);
		}
	}
	/// Says its piece, and then waits for the other side to leave or closes at once.
	Server(const std::string& address, std::string_view says, bool stays)
		: Server(address, [says, stays](int peer) {
			  if (say(peer, says) && stays)
				  wait_for_end(peer);
		  }) {}
	Server(const Server&) = delete;
	Server& operator=(const Server&) = delete;
	~Server() {
		::kill(child_, SIGKILL);
		::waitpid(child_, nullptr, 0);
	}
	static bool say(int peer, std::string_view text) {
		return ::write(peer, text.data(), text.size()) >= 0;
	}
	static void wait_for_end(int peer) {
		std::array<char, 256> heard{};
		while (::read(peer, heard.data(), heard.size()) > 0) {
		}
	}
	static constexpr int kPort = 10029;

private:
	UniqueFd listener_;
	pid_t child_ = 0;
};

constexpr std::string_view kSshBanner = "SSH-2.0-OpenSSH_9.2p1\r\n";

TEST(Probe, TellsAnSshThatAnswersFromAnOpenSocket) {
	const Server answers("127.77.0.1", kSshBanner, true);
	const Server silent("127.77.0.2", "", true);
	const Server closes("127.77.0.3", "", false);
	const Server web("127.77.0.4", "HTTP/1.1 400 Bad Request\r\n", true);
	const Server half("127.77.0.5", "SSH-2", true);
	const auto probes = probe_addresses({"127.77.0.1", "127.77.0.2", "127.77.0.3", "127.77.0.4",
											"127.77.0.5", "127.77.0.6", "no address"},
		Server::kPort, milliseconds(1000));
	ASSERT_EQ(probes.size(), 7U);
	EXPECT_EQ(probes[0].result, ProbeResult::answers);
	EXPECT_EQ(probes[1].result, ProbeResult::no_answer);
	EXPECT_EQ(probes[2].result, ProbeResult::closed);
	EXPECT_EQ(probes[3].result, ProbeResult::not_ssh);
	EXPECT_EQ(probes[4].result, ProbeResult::no_answer) << "the beginning of a banner is none";
	EXPECT_EQ(probes[5].result, ProbeResult::refused);
	EXPECT_EQ(probes[6].result, ProbeResult::refused);
}

TEST(Probe, AsksAllAtOnce) {
	// Each of the two says its banner only once the other has been connected to.
	Event first_asked;
	Event second_asked;
	const auto answer_after = [](Event& mine, Event& other) {
		return [&](int peer) {
			mine.tell.reset();
			other.tell.reset();    // the copy that this child inherited
			Server::wait_for_end(other.happened.get());
			Server::say(peer, kSshBanner);
			Server::wait_for_end(peer);
		};
	};
	const Server first("127.77.0.7", answer_after(first_asked, second_asked));
	const Server second("127.77.0.8", answer_after(second_asked, first_asked));
	first_asked.tell.reset();
	second_asked.tell.reset();
	const auto probes =
		probe_addresses({"127.77.0.7", "127.77.0.8"}, Server::kPort, milliseconds(10'000));
	ASSERT_EQ(probes.size(), 2U);
	EXPECT_EQ(probes[0].result, ProbeResult::answers);
	EXPECT_EQ(probes[1].result, ProbeResult::answers);
}

TEST(Probe, OneDeadlineIsForAll) {
	// The second speaks once the first has been given up, which is too late: both are given up
	// together.
	Event given_up;
	const Server silent("127.77.0.9", [&](int peer) {
		Server::wait_for_end(peer);
		given_up.tell.reset();
		::pause();
	});
	const Server late("127.77.0.10", [&](int peer) {
		given_up.tell.reset();    // the copy that this child inherited
		Server::wait_for_end(given_up.happened.get());
		Server::say(peer, kSshBanner);
		Server::wait_for_end(peer);
	});
	given_up.tell.reset();
	const auto probes =
		probe_addresses({"127.77.0.9", "127.77.0.10"}, Server::kPort, milliseconds(100));
	ASSERT_EQ(probes.size(), 2U);
	EXPECT_EQ(probes[0].result, ProbeResult::no_answer);
	EXPECT_EQ(probes[1].result, ProbeResult::no_answer);
}

TEST(Probe, IsAskedAgainWhenItsAnswerIsOldOrTheTunnelIsNew) {
	const auto fresh = [](ProbeResult result, std::int64_t age, std::int64_t up_since) {
		return is_fresh({result, 1000, {}}, up_since, 1000 + age);
	};
	EXPECT_TRUE(fresh(ProbeResult::answers, 29, 900));
	EXPECT_FALSE(fresh(ProbeResult::answers, 30, 900));
	EXPECT_TRUE(fresh(ProbeResult::no_answer, 4, 900));
	EXPECT_FALSE(fresh(ProbeResult::no_answer, 5, 900)) << "what was mended is to be seen soon";
	EXPECT_FALSE(fresh(ProbeResult::answers, 1, 1001)) << "another tunnel's";
	EXPECT_FALSE(fresh(ProbeResult::answers, -1, 900)) << "from the future";
}

TEST(Probe, WhatIsKeptIsReadBackAndNothingElse) {
	const test::TemporaryFolder folder;
	const Paths paths{.state = folder.path(), .run = folder.path()};
	test::make(paths.probes());
	const Serial serial = *Serial::parse("sn1");
	EXPECT_FALSE(read_probe(paths, serial));
	test::spill(
		paths.probes() + "/sn1", format_probe({ProbeResult::closed, 1000, milliseconds(7)}));
	const auto probe = read_probe(paths, serial);
	ASSERT_TRUE(probe);
	EXPECT_EQ(probe->result, ProbeResult::closed);
	EXPECT_EQ(probe->at, 1000);
	EXPECT_EQ(probe->took, milliseconds(7));
	for (const char* text : {"", "[probe]\nversion = 1\nresult = open\nat = 1\ntook-ms = 1\n",
			 "[probe]\nversion = 1\nresult = answers\nat = -1\ntook-ms = 1\n"}) {
		test::spill(paths.probes() + "/sn1", text);
		EXPECT_FALSE(read_probe(paths, serial)) << text;
	}
	test::spill(paths.probes() + "/sn1", format_probe({ProbeResult::answers, 1000, {}}), 0666);
	EXPECT_FALSE(read_probe(paths, serial)) << "others may write it";
}

TEST(Probe, MoreThanCanBeAskedAtOnceAreNotAsked) {
	const test::TemporaryFolder folder;
	const Paths paths{.state = folder.path(), .run = folder.path()};
	test::make(paths.probes());
	std::vector<ProbeTarget> targets;
	for (std::size_t i = 0; i <= kProbesMost; ++i)
		targets.push_back({*Serial::parse("sn" + std::to_string(i)), "127.77.0.6", 900});
	test::spill(paths.probes() + "/sn7", format_probe({ProbeResult::answers, 950, {}}));
	test::spill(paths.probes() + "/sn8", format_probe({ProbeResult::answers, 850, {}}));
	const ProbeAnswers answers = probe_all(paths, targets, 1000);
	EXPECT_TRUE(answers.too_many);
	EXPECT_EQ(answers.probes.size(), 1U) << "sn7 is known, of sn8 only what was before its tunnel";
	targets.pop_back();
	const ProbeAnswers asked = probe_all(paths, targets, 1000);
	EXPECT_FALSE(asked.too_many);
	EXPECT_EQ(asked.probes.size(), kProbesMost);
	EXPECT_EQ(read_probe(paths, targets[0].serial)->result, ProbeResult::refused) << "kept";
}

}    // namespace
}    // namespace rassist::probe
