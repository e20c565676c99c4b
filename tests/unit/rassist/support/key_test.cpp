// From a code to a login key: the agent's protocol against the real ssh-agent, the files, and what
// ssh is told.
#include "rassist/support/pins.hpp"
#include "rassist/support/ssh_agent.hpp"
#include "tests/unit/rassist/frame/cli_world.hpp"

#include "common/keys/derive.hpp"
#include "common/keys/digest.hpp"
#include "common/keys/private_key.hpp"
#include "common/system/child.hpp"

#include <gtest/gtest.h>

#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sysexits.h>

#include <algorithm>

namespace rassist::cli::test {
namespace {

using namespace std::chrono_literals;

// without its check character: completed by code_text()
constexpr std::string_view kCode = "K7QF-2M9X-TB4D";

/// A well-formed code: the first check character that fits.
std::string code_text() {
	for (const char check : std::string_view("0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U")) {
		const std::string text = std::string(kCode) + check;
		if (Code::parse(text))
			return text;
	}
	return "";
}

const Serial kSerial = *Serial::parse("sn123");

const WindowKeys& keys() {
	static const WindowKeys made =
		std::move(*derive_window_keys(*Code::parse(code_text()), kSerial));
	return made;
}

/// ssh-agent(1) itself, gone with the test.
class Agent {
public:
	explicit Agent(const World& world)
		: socket(world.folder / "agent.sock"), folder_(world.folder.path()) {
		const UniqueFd events(inotify_init1(IN_CLOEXEC));
		inotify_add_watch(events.get(), folder_.c_str(), IN_CREATE);
		auto child = Child::start({.argv = {"/usr/bin/ssh-agent", "-D", "-a", socket},
			.environment = {"PATH=/usr/bin"},
			.pipe_stdout = true});
		EXPECT_TRUE(child);
		child_.emplace(*std::move(child));
		pollfd ready{events.get(), POLLIN, 0};
		EXPECT_EQ(poll(&ready, 1, 10'000), 1) << "no ssh-agent within ten seconds";
		const auto until = std::chrono::steady_clock::now() + 10s;
		while (!SshAgent::connect(socket) && std::chrono::steady_clock::now() < until)
			poll(nullptr, 0, 5);    // the socket has its name and does not listen yet
	}
	/// What `ssh-add` says about it.
	[[nodiscard]] std::string add(const std::vector<std::string>& words) const {
		std::vector<std::string> argv{"/usr/bin/ssh-add"};
		argv.insert(argv.end(), words.begin(), words.end());
		auto done = rassist::run(
			{.argv = argv, .environment = {"PATH=/usr/bin", "SSH_AUTH_SOCK=" + socket}}, "", 10s);
		return done ? done->out + done->err : done.error().what;
	}
	const std::string socket;

private:
	const std::string folder_;
	std::optional<Child> child_;
};

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
	const Agent real(world);
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
	const Agent real(world);
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
	const Agent real(world);
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

class CliKey : public testing::Test {
protected:
	CliKey() { world.answer = code_text(); }
	[[nodiscard]] std::string pin(std::string_view name) const {
		return world.context.home + "/.ssh/rassist/" + std::string(name);
	}
	World world;
};

TEST_F(CliKey, GivesTheDerivedKeyToTheAgentForEightHoursAndPinsTheHostKey) {
	const Agent agent(world);
	world.context.agent_socket = agent.socket;
	ASSERT_EQ(world.run({"key", "SN123"}), EX_OK) << world.err.str();
	EXPECT_NE(
		agent.add({"-l"}).find(fingerprint_of(keys().login.public_key()).str()), std::string::npos);
	EXPECT_EQ(contents(pin("sn123.rassist.host")),
		"[sn123.rassist]:10022 " + keys().host.public_key().str() + "\n");
	EXPECT_EQ(
		contents(pin("sn123.rassist.pub")), keys().login.public_key().str() + " sn123.rassist\n");
	EXPECT_FALSE(is_there(pin("sn123.rassist")));
	EXPECT_NE(world.out.str().find("in ssh-agent for 8h"), std::string::npos);
	EXPECT_NE(
		world.out.str().find(fingerprint_of(keys().host.public_key()).str()), std::string::npos);
	EXPECT_EQ(world.out.str().find(code_text()), std::string::npos);
	struct stat folder {};
	ASSERT_EQ(stat((world.context.home + "/.ssh").c_str(), &folder), 0);
	EXPECT_EQ(folder.st_mode & 07777, 0700U);
}

TEST_F(CliKey, TakesAnOlderWindowsKeyOutOfTheAgent) {
	const Agent agent(world);
	world.context.agent_socket = agent.socket;
	ASSERT_EQ(world.run({"key", "sn123", "--for", "2h"}), EX_OK);
	world.answer = std::string(Code::random().canonical());
	ASSERT_EQ(world.run({"key", "sn123"}), EX_OK);
	const std::string listed = agent.add({"-l"});
	EXPECT_EQ(listed.find(fingerprint_of(keys().login.public_key()).str()), std::string::npos);
	EXPECT_EQ(std::ranges::count(listed, '\n'), 1);
}

TEST_F(CliKey, WritesAFileThatSshReads) {
	const std::string file = world.folder / "key";
	ASSERT_EQ(world.run({"key", "sn123", "--out", file}), EX_OK) << world.err.str();
	EXPECT_NE(world.out.str().find("ssh -i " + file + " sn123.rassist"), std::string::npos);
	struct stat written {};
	ASSERT_EQ(stat(file.c_str(), &written), 0);
	EXPECT_EQ(written.st_mode & 07777, 0600U);
	const auto read = rassist::run(
		{.argv = {"/usr/bin/ssh-keygen", "-y", "-f", file}, .environment = {"PATH=/usr/bin"}}, "",
		10s);
	ASSERT_TRUE(read);
	EXPECT_EQ(read->out, keys().login.public_key().str() + " sn123.rassist\n");
}

TEST_F(CliKey, OverwritesNoFileButItsOwn) {
	const std::string file = world.folder / "key";
	spill(file, "precious");
	EXPECT_EQ(world.run({"key", "sn123", "--out", file}), EX_CANTCREAT);
	EXPECT_EQ(contents(file), "precious");
	EXPECT_FALSE(is_there(pin("sn123.rassist.host"))) << "refused before anything is changed";
	EXPECT_EQ(world.run({"key", "sn123", "--out", pin("sn123.rassist")}), EX_OK);
	EXPECT_NE(world.out.str().find("Now: ssh sn123.rassist"), std::string::npos);
	const std::string first = contents(pin("sn123.rassist"));
	world.answer = std::string(Code::random().canonical());
	EXPECT_EQ(world.run({"key", "sn123", "--out", pin("sn123.rassist")}), EX_OK);
	EXPECT_NE(contents(pin("sn123.rassist")), first);
}

TEST_F(CliKey, OverwritesNoFileThatAppearsWhileTheCodeIsTyped) {
	const std::string file = world.folder / "key";
	world.context.ask = [&](std::string_view) {
		spill(file, "precious");
		return Result<Secret>(Secret(code_text()));
	};
	EXPECT_EQ(world.run({"key", "sn123", "--out", file}), EX_CANTCREAT);
	EXPECT_EQ(contents(file), "precious");
}

TEST_F(CliKey, LeavesNoOlderKeyFileInFrontOfTheAgent) {
	ASSERT_EQ(world.run({"key", "sn123", "--out", pin("sn123.rassist")}), EX_OK);
	const Agent agent(world);
	world.context.agent_socket = agent.socket;
	ASSERT_EQ(world.run({"key", "sn123"}), EX_OK);
	EXPECT_FALSE(is_there(pin("sn123.rassist")));
}

TEST_F(CliKey, SaysBothWaysOutWhereThereIsNoAgent) {
	EXPECT_EQ(world.run({"key", "sn123"}), EX_UNAVAILABLE);
	EXPECT_NE(world.err.str().find("eval $(ssh-agent)"), std::string::npos);
	EXPECT_NE(world.err.str().find("--out " + pin("sn123.rassist")), std::string::npos);
	world.context.agent_socket = world.folder / "nobody";
	EXPECT_EQ(world.run({"key", "sn123"}), EX_UNAVAILABLE);
	EXPECT_FALSE(is_there(pin("sn123.rassist.host")));
}

TEST_F(CliKey, CatchesATypoOnTheSpotAndDoesNotRepeatIt) {
	world.answer[0] = 'J';
	EXPECT_EQ(world.run({"key", "sn123", "--out", world.folder / "key"}), EX_DATAERR);
	EXPECT_EQ(world.err.str().find("J7QF"), std::string::npos);
	world.answer.clear();
	EXPECT_EQ(world.run({"key", "sn123", "--out", world.folder / "key"}), EX_DATAERR);
	EXPECT_FALSE(is_there(world.folder / "key"));
}

TEST_F(CliKey, ForgetsKeyAndPin) {
	const Agent agent(world);
	world.context.agent_socket = agent.socket;
	ASSERT_EQ(world.run({"key", "sn123"}), EX_OK);
	EXPECT_EQ(world.run({"key", "--forget", "sn123"}), EX_OK);
	EXPECT_EQ(agent.add({"-l"}), "The agent has no identities.\n");
	EXPECT_FALSE(is_there(pin("sn123.rassist.host")));
	EXPECT_FALSE(is_there(pin("sn123.rassist.pub")));
	EXPECT_EQ(world.run({"key", "--forget", "sn123"}), EX_OK);
	EXPECT_NE(world.out.str().find("Nothing was kept"), std::string::npos);
}

TEST_F(CliKey, AnswersSshWithThePinUnderTheNameItAsksFor) {
	ASSERT_EQ(world.run({"key", "sn123", "--out", world.folder / "key"}), EX_OK);
	const std::string key = keys().host.public_key().str();
	for (const std::string host : {"sn123.rassist", "[sn123.rassist]:10022", "SN123.rassist"}) {
		EXPECT_EQ(world.run({"known-host", host}), EX_OK);
		EXPECT_EQ(world.out.str(), host + " " + key + "\n");
		EXPECT_EQ(world.err.str(), "");
	}
}

TEST_F(CliKey, SaysOnceWhyThereIsNoPinAndPrintsNothing) {
	EXPECT_EQ(world.run({"known-host", "sn9.rassist", "ORDER"}), EX_OK);
	EXPECT_EQ(world.out.str() + world.err.str(), "");
	EXPECT_EQ(world.run({"known-host", "[sn9.rassist]:10022", "HOSTNAME"}), EX_OK);
	EXPECT_EQ(world.out.str(), "");
	EXPECT_EQ(world.err.str(), "rassist: no code given yet for sn9: run `rassist key sn9`\n");
}

TEST_F(CliKey, BelievesNoPinThatOthersMayWriteAndNoOtherHost) {
	ASSERT_EQ(world.run({"key", "sn123", "--out", world.folder / "key"}), EX_OK);
	ASSERT_EQ(chmod(pin("sn123.rassist.host").c_str(), 0666), 0);
	EXPECT_EQ(world.run({"known-host", "sn123.rassist"}), EX_CONFIG);
	EXPECT_EQ(world.out.str(), "");
	ASSERT_EQ(chmod(pin("sn123.rassist.host").c_str(), 0644), 0);
	for (const std::string host : {"example.com", "rassist", ".rassist", "a.b.rassist",
			 "[sn123.rassist", "[sn123.rassist]", "[sn123.rassist]:x", "../x.rassist", ""}) {
		EXPECT_NE(world.run({"known-host", host}), EX_OK) << host;
		EXPECT_EQ(world.out.str(), "");
	}
}

}    // namespace
}    // namespace rassist::cli::test
