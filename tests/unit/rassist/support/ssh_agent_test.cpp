// The agent's protocol, against the real ssh-agent.
#include "common/keys/digest.hpp"
#include "common/system/run.hpp"
#include "rassist/support/ssh_agent.hpp"
#include "tests/unit/rassist/support/support_world.hpp"

#include <gtest/gtest.h>

namespace rassist::cli::test {
namespace {

TEST(CliSshAgent, WritesTheMessageOfTheProtocol) {
	const auto key = PrivateKey::from_seed(Secret(std::string(32, 's')));
	ASSERT_TRUE(key);
	const std::string message(format_add_message(*key, "me", 258s).text());
	const std::string public_half(key->seed_and_public().text().substr(32));
	using namespace std::string_literals;
	const std::string body = "\x19\0\0\0\x0bssh-ed25519\0\0\0\x20"s + public_half + "\0\0\0\x40"s +
							 std::string(32, 's') + public_half + "\0\0\0\x02me\x01\0\0\x01\x02"s;
	EXPECT_EQ(message, "\0\0\0"s + static_cast<char>(body.size()) + body);
}

TEST(CliSshAgent, GivesAKeyToTheRealAgentAndTakesItBack) {
	const World world;
	const OwnAgent real(world);
	auto agent = SshAgent::connect(real.socket);
	ASSERT_TRUE(agent);
	ASSERT_TRUE(agent->add(keys().login, "sn123.rassist", 1h));
	EXPECT_EQ(real.add({"-l"}),
		"256 " + fingerprint_of(keys().login.public_key()).str() + " sn123.rassist (ED25519)\n");
	EXPECT_EQ(real.add({"-L"}), keys().login.public_key().str() + " sn123.rassist\n");
	EXPECT_TRUE(agent->remove(keys().login.public_key()));
	EXPECT_EQ(agent->remove(keys().login.public_key()).error().code, Fault::not_found);
	EXPECT_EQ(real.add({"-l"}), "The agent has no identities.\n");
}

TEST(CliSshAgent, LeavesTheKeyThereForItsLifetimeOnly) {
	const World world;
	const OwnAgent real(world);
	auto agent = SshAgent::connect(real.socket);
	ASSERT_TRUE(agent);
	ASSERT_TRUE(agent->add(keys().login, "sn123.rassist", 1s));
	const auto until = std::chrono::steady_clock::now() + 10s;
	std::string listed;
	do {
		listed = real.add({"-l"});
	} while (listed.starts_with("256 ") && std::chrono::steady_clock::now() < until);
	EXPECT_EQ(listed, "The agent has no identities.\n");
}

TEST(CliSshAgent, SaysThatALockedAgentRefuses) {
	const World world;
	const OwnAgent real(world);
	spill(world.folder / "askpass", "#!/bin/sh\necho secret\n", 0755);
	const auto locked = rassist::run(
		{.argv = {"/usr/bin/ssh-add", "-x"},
			.environment = {"PATH=/usr/bin", "SSH_AUTH_SOCK=" + real.socket,
				"SSH_ASKPASS=" + (world.folder / "askpass"), "SSH_ASKPASS_REQUIRE=force"}},
		"", 10s);
	ASSERT_TRUE(locked);
	ASSERT_EQ(locked->status, 0) << locked->err;
	auto agent = SshAgent::connect(real.socket);
	ASSERT_TRUE(agent);
	EXPECT_EQ(agent->add(keys().login, "sn123.rassist", 1h).error().code, Fault::denied);
}

TEST(CliSshAgent, RefusesAPathNobodyListensAt) {
	EXPECT_EQ(SshAgent::connect("/nonexistent/agent").error().code, Fault::unavailable);
	EXPECT_EQ(SshAgent::connect("").error().code, Fault::invalid);
	EXPECT_EQ(SshAgent::connect(std::string(200, 'x')).error().code, Fault::invalid);
}

}    // namespace
}    // namespace rassist::cli::test
