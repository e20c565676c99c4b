// activate: with a relay that is played.
#include "common/keys/code.hpp"
#include "common/keys/derive.hpp"
#include "common/keys/private_key.hpp"
#include "common/records/config.hpp"
#include "common/system/clock.hpp"
#include "common/system/run.hpp"
#include "common/wire/enrolment.hpp"
#include "tests/unit/rassist/frame/cli_world.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <sysexits.h>

#include <algorithm>

namespace rassist::cli::test {
namespace {

using namespace std::chrono_literals;
using Words = std::vector<std::string>;

class CliActivate : public testing::Test {
protected:
	CliActivate() {
		spill(
			world.paths.config(), "[device]\nrelays = one.example.com:443,2222 two.example.com\n");
		token = std::string(Code::random().written().text());
		world.answer = token;
		world.program = [this](const Words& argv, std::string_view input) {
			return relay(argv, input);
		};
	}

	/// Reads the key that ssh was given while ssh would: afterwards there is none.
	Finished relay(const Words& argv, std::string_view input) {
		const auto identity = std::ranges::find_if(
			argv, [](const std::string& word) { return word.starts_with("IdentityFile="); });
		EXPECT_NE(identity, argv.end());
		key_path = identity->substr(13);
		struct stat key {};
		EXPECT_EQ(stat(key_path.c_str(), &key), 0);
		EXPECT_EQ(key.st_mode & 07777, 0600U);
		EXPECT_FALSE(is_there(world.paths.identity() + ".new.pub"));
		const auto read = rassist::run({.argv = {"/usr/bin/ssh-keygen", "-y", "-f", key_path},
										   .environment = {"PATH=/usr/bin"}},
			"", 10s);
		used_key = read ? read->out : read.error().what;
		const auto request = parse_activate_request(input);
		EXPECT_TRUE(request) << request.error().what;
		asked = request ? request->key.str() : "";
		if (replies.empty())
			return {255, "", "ssh: connect to host: Connection refused\n"};
		Finished reply = replies.front();
		replies.erase(replies.begin());
		return reply;
	}
	[[nodiscard]] static Finished granted() {
		EnrollAnswer answer{.id = Id::random(),
			.refused = {},
			.message = {},
			.serial = "sn123",
			.relay = "relay",
			.address = {},
			.time = read_clocks()->wall};
		return {0, format_answer(answer), ""};
	}
	[[nodiscard]] static Finished refused(Refusal refusal) {
		EnrollAnswer answer{.id = Id::random(),
			.refused = refusal,
			.message = "so it is",
			.serial = {},
			.relay = {},
			.address = {},
			.time = read_clocks()->wall};
		return {69, format_answer(answer), ""};
	}
	[[nodiscard]] bool complains(std::string_view text) const {
		return world.err.str().find(text) != std::string::npos;
	}
	[[nodiscard]] std::vector<std::string> ports() const {
		std::vector<std::string> all;
		for (const Words& argv : world.ran)
			all.push_back(*std::next(std::ranges::find(argv, "-p")));
		return all;
	}

	World world;
	std::string token;
	std::vector<Finished> replies;
	std::string key_path, used_key, asked;
};

TEST_F(CliActivate, LogsInWithTheDerivedKeyAndKeepsTheNewIdentity) {
	replies = {granted()};
	ASSERT_EQ(world.run({"activate", "sn123"}), EX_OK) << world.err.str();
	const auto derived = derive_activation_key(*Code::parse(token), *Serial::parse("sn123"));
	EXPECT_EQ(used_key, derived->public_key().str() + " activation\n");
	struct stat identity {};
	ASSERT_EQ(stat(world.paths.identity().c_str(), &identity), 0);
	EXPECT_EQ(identity.st_mode & 07777, 0600U);
	const auto kept =
		rassist::run({.argv = {"/usr/bin/ssh-keygen", "-y", "-f", world.paths.identity()},
						 .environment = {"PATH=/usr/bin"}},
			"", 10s);
	EXPECT_EQ(kept->out, asked + " sn123\n");
	EXPECT_EQ(load_config(world.paths, geteuid())->serial, *Serial::parse("sn123"));
}

TEST_F(CliActivate, NeverNamesTheTokenOrItsKeyInAnyFolder) {
	replies = {granted()};
	ASSERT_EQ(world.run({"activate", "sn123"}), EX_OK);
	EXPECT_TRUE(key_path.starts_with("/proc/"));
	EXPECT_FALSE(is_there(key_path)) << "the key is gone with the call";
	EXPECT_FALSE(is_there(world.paths.identity() + ".new"));
	for (const Words& argv : world.ran)
		for (const std::string& word : argv)
			EXPECT_EQ(word.find(token), std::string::npos);
	EXPECT_EQ(world.out.str().find(token), std::string::npos);
}

TEST_F(CliActivate, TriesPortsAndRelaysInTheirOrder) {
	replies = {{255, "", "ssh: connect to host one port 443: Connection refused\n"},
		refused(Refusal::storage), granted()};
	ASSERT_EQ(world.run({"activate", "sn123"}), EX_OK) << world.err.str();
	EXPECT_EQ(ports(), (Words{"443", "2222", "443"}));
	EXPECT_TRUE(
		complains("one.example.com:443: ssh: connect to host one port 443: Connection refused"));
	EXPECT_EQ(world.ran[2].at(world.ran[2].size() - 2), "rassist-device@two.example.com");
	EXPECT_EQ(world.ran[2].back(), "activate");
}

struct Refused {
	Finished reply;
	int code;
	std::string_view says;
	std::size_t tried;
};

TEST_F(CliActivate, SaysWhyItWasRefusedAndKeepsTheOldIdentity) {
	const std::vector<Refused> cases{
		{refused(Refusal::token_used), EX_NOPERM, "was used already", 1},
		{refused(Refusal::blocked), EX_NOPERM, "blocked by the relay's admin", 1},
		{refused(Refusal::serial_unknown), EX_NOINPUT, "rassist device add sn123", 1},
		{refused(Refusal::malformed), EX_PROTOCOL, "another version", 1},
		{refused(Refusal::internal), EX_UNAVAILABLE, "the relay says: so it is", 3},
		{{255, "", "rassist-device@one: Permission denied (publickey).\n"}, EX_NOPERM,
			"`rassist device token sn123` prints a new one", 1},
		{{255, "", "Host key verification failed.\n"}, EX_PROTOCOL, "rassist setup device", 1},
		{{0, "Welcome to this server\n", ""}, EX_UNAVAILABLE, "is no relay", 3},
	};
	for (const Refused& one : cases) {
		spill(world.paths.identity(), "old", 0600);
		world.ran.clear();
		replies = {one.reply};
		EXPECT_EQ(world.run({"activate", "sn123"}), one.code) << one.says;
		EXPECT_TRUE(complains(one.says)) << world.err.str();
		EXPECT_EQ(world.ran.size(), one.tried) << one.says;
		EXPECT_EQ(contents(world.paths.identity()), "old");
		EXPECT_FALSE(is_there(world.paths.identity() + ".new"));
		EXPECT_FALSE(is_there(world.paths.config_dropins() + "/50-serial.conf"));
	}
}

TEST_F(CliActivate, NeedsASerialThatTheConfigDoesNotDeny) {
	EXPECT_EQ(world.run({"activate"}), EX_USAGE);
	EXPECT_TRUE(complains("rassist activate SERIAL"));
	spill(world.paths.config(), "[device]\nserial = sn7\nrelays = one.example.com\n");
	EXPECT_EQ(world.run({"activate", "sn123"}), EX_USAGE);
	EXPECT_TRUE(complains("sn7"));
	replies = {granted()};
	EXPECT_EQ(world.run({"activate"}), EX_OK);
	EXPECT_FALSE(is_there(world.paths.config_dropins() + "/50-serial.conf"));
	spill(world.paths.config(), "[device]\nserial = sn7\n");
	EXPECT_EQ(world.run({"activate"}), EX_CONFIG);
	EXPECT_TRUE(complains("rassist setup device"));
}

TEST_F(CliActivate, CatchesATypoBeforeAnythingIsTried) {
	world.answer[0] = world.answer[0] == '7' ? '8' : '7';
	EXPECT_EQ(world.run({"activate", "sn123"}), EX_DATAERR);
	EXPECT_TRUE(world.ran.empty());
	EXPECT_FALSE(complains(world.answer));
}

}    // namespace
}    // namespace rassist::cli::test
