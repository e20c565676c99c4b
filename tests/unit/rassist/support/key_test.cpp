// key: from a code to a login key and a pin.
#include "common/keys/digest.hpp"
#include "common/system/run.hpp"
#include "rassist/support/ssh_agent.hpp"
#include "tests/unit/rassist/support/support_world.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <sysexits.h>

#include <algorithm>

namespace rassist::cli::test {
namespace {

TEST_F(CliKey, GivesTheDerivedKeyToTheAgentForEightHoursAndPinsTheHostKey) {
	const OwnAgent agent(world);
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
	const OwnAgent agent(world);
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
	const OwnAgent agent(world);
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
	const OwnAgent agent(world);
	world.context.agent_socket = agent.socket;
	ASSERT_EQ(world.run({"key", "sn123"}), EX_OK);
	EXPECT_EQ(world.run({"key", "--forget", "sn123"}), EX_OK);
	EXPECT_EQ(agent.add({"-l"}), "The agent has no identities.\n");
	EXPECT_FALSE(is_there(pin("sn123.rassist.host")));
	EXPECT_FALSE(is_there(pin("sn123.rassist.pub")));
	EXPECT_EQ(world.run({"key", "--forget", "sn123"}), EX_OK);
	EXPECT_NE(world.out.str().find("Nothing was kept"), std::string::npos);
}

}    // namespace
}    // namespace rassist::cli::test
