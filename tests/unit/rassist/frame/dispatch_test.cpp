// Which verb is run, and what is said where none is.
#include "common/base/parse.hpp"
#include "rassist/frame/table.hpp"
#include "tests/unit/rassist/frame/cli_world.hpp"

#include <gtest/gtest.h>

#include <sysexits.h>

namespace rassist::cli::test {
namespace {

using Words = std::vector<std::string>;

struct Call {
	Words words;
	int code;
	std::string_view out, err;    ///< parts of what is said
};

TEST(CliDispatch, FindsTheVerbOrSaysWhatThereIs) {
	const std::vector<Call> calls{
		{{}, EX_USAGE, "", "no verb given\nusage: rassist VERB"},
		{{"--help"}, EX_OK, "usage: rassist VERB", ""},
		{{"-h"}, EX_OK, "usage: rassist VERB", ""},
		{{"help"}, EX_OK, "usage: rassist VERB", ""},
		{{"help", "open"}, EX_OK, "usage: rassist open [--for DURATION]", ""},
		{{"open", "--help"}, EX_OK, "usage: rassist open [--for DURATION]", ""},
		{{"device", "--help"}, EX_OK, "device add SERIAL", ""},
		{{"help", "device"}, EX_OK, "device unblock SERIAL", ""},
		{{"help", "device", "add"}, EX_OK, "The token is printed once", ""},
		{{"help", "nothing"}, EX_USAGE, "", "there is no verb \"nothing\""},
		{{"nothing"}, EX_USAGE, "", "there is no verb \"nothing\"; `rassist help` lists them"},
		{{"noth\x1b[31ming"}, EX_USAGE, "", "noth\\x1b[31ming"},
		{{"device"}, EX_USAGE, "", "device add SERIAL"},
		{{"device", "nothing"}, EX_USAGE, "", "device add SERIAL"},
		{{"open", "--fro", "2h"}, EX_USAGE, "",
			"rassist open: unknown option \"--fro\"\nusage: rassist open [--for DURATION]"},
		{{"open", "sn1"}, EX_USAGE, "", "too many arguments: \"sn1\""},
		{{"open", "--for", "soon"}, EX_USAGE, "", "--for"},
		{{"open", "--for", "-1h"}, EX_USAGE, "", "--for"},
		{{"extend"}, EX_USAGE, "", "--for DURATION is missing"},
		{{"device", "add"}, EX_USAGE, "", "SERIAL is missing"},
		{{"device", "add", "Not A Serial"}, EX_USAGE, "", "usage: rassist device add SERIAL"},
		{{"device", "show", "--", "--json"}, EX_USAGE, "", "usage: rassist device show SERIAL"},
		{{"key", "sn1", "--forget", "--for", "1h"}, EX_USAGE, "", "--forget goes alone"},
		{{"show", "--json", "--code"}, EX_USAGE, "", "do not go together"},
	};
	World world;
	for (const Call& call : calls) {
		EXPECT_EQ(world.run(call.words), call.code) << call.words.size();
		EXPECT_NE(world.out.str().find(call.out), std::string::npos) << world.out.str();
		EXPECT_NE(world.err.str().find(call.err), std::string::npos) << world.err.str();
		EXPECT_EQ(world.err.str().empty(), call.code == EX_OK);
	}
	EXPECT_TRUE(world.ran.empty());
}

TEST(CliDispatch, LetsRootAloneDoWhatIsRoots) {
	World world;
	world.context.root = geteuid() + 1;
	for (const Verb& verb : list_verbs()) {
		if (!verb.needs_root)
			continue;
		Words words = split_words(verb.name);
		if (!verb.operands.empty())
			words.emplace_back("sn1");
		for (const Option& option : verb.options)
			if (option.count == OptionCount::once)
				words.insert(words.end(), {"--" + std::string(option.name), "1h"});
		EXPECT_EQ(world.run(words), EX_NOPERM) << verb.name;
		EXPECT_NE(world.err.str().find("only root may do this: sudo rassist"), std::string::npos);
	}
	EXPECT_EQ(world.run({"sessions", "--enforce"}), EX_NOPERM);
	EXPECT_EQ(world.run({"show", "--code"}), EX_NOPERM);
	EXPECT_TRUE(world.ran.empty());
}

}    // namespace
}    // namespace rassist::cli::test
