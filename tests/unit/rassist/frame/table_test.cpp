// The table of verbs, and what walks it: help, dispatch, options, completion.
#include "tests/unit/rassist/frame/cli_world.hpp"

#include "common/base/parse.hpp"

#include <gtest/gtest.h>

#include <sysexits.h>

#include <algorithm>
#include <set>

namespace rassist::cli::test {
namespace {

using Words = std::vector<std::string>;

TEST(CliTable, NamesEachVerbOnceWithOneOrTwoWordsAndSomethingToDo) {
	std::set<std::string_view> names;
	for (const Verb& verb : list_verbs()) {
		EXPECT_TRUE(names.insert(verb.name).second) << verb.name;
		EXPECT_LE(split_words(verb.name).size(), 2U) << verb.name;
		EXPECT_NE(verb.run, nullptr) << verb.name;
		EXPECT_NE(verb.where, 0U) << verb.name;
		EXPECT_FALSE(verb.help.empty() && verb.details.empty()) << verb.name;
		EXPECT_EQ(verb.operands.find("..."), std::string_view::npos)
			<< verb.name << ": what may come more than once is marked by …";
	}
}

TEST(CliTable, GivesNoVerbTheNameOfAFamily) {
	for (const Verb& one : list_verbs()) {
		for (const Verb& two : list_verbs()) {
			EXPECT_FALSE(two.name.starts_with(std::string(one.name) + " "))
				<< one.name << " hides " << two.name;
		}
	}
}

TEST(CliTable, HasJsonOnEveryListing) {
	for (const std::string_view name :
		{"status", "show", "sessions", "device list", "device show", "staff list", "windows"}) {
		const auto found = std::ranges::find(list_verbs(), name, &Verb::name);
		ASSERT_NE(found, list_verbs().end()) << name;
		EXPECT_NE(std::ranges::find(found->options, "json", &Option::name), found->options.end())
			<< name;
	}
}

TEST(CliTable, ShowsEveryVerbWithHelpInTheOverviewAndNoOther) {
	const std::string text = format_overview();
	for (const Verb& verb : list_verbs()) {
		const bool listed =
			text.find("\n  " + std::string(verb.name) + "\n") != std::string::npos ||
			text.find("\n  " + std::string(verb.name) + " ") != std::string::npos;
		EXPECT_EQ(listed, !verb.help.empty()) << verb.name;
	}
}

TEST(CliTable, WritesASynopsisOutOfTheOptions) {
	const auto of = [](const Words& words) { return format_synopsis(*find_verb(words)); };
	EXPECT_EQ(of({"open"}), "rassist open [--for DURATION]");
	EXPECT_EQ(of({"extend"}), "rassist extend --for DURATION");
	EXPECT_EQ(of({"close"}), "rassist close");
	EXPECT_EQ(of({"device", "add", "sn1"}),
		"rassist device add SERIAL [--group GROUP]… [--note TEXT] [--token-for DURATION]");
	EXPECT_EQ(of({"staff", "add"}), "rassist staff add NAME --key FILE|-|KEY [--devices PATTERN]… "
									"[--from NETWORK|any]… [--note TEXT]");
}

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
			if (option.count == Count::once)
				words.insert(words.end(), {"--" + std::string(option.name), "1h"});
		EXPECT_EQ(world.run(words), EX_NOPERM) << verb.name;
		EXPECT_NE(world.err.str().find("only root may do this: sudo rassist"), std::string::npos);
	}
	EXPECT_EQ(world.run({"sessions", "--enforce"}), EX_NOPERM);
	EXPECT_EQ(world.run({"show", "--code"}), EX_NOPERM);
	EXPECT_TRUE(world.ran.empty());
}

constexpr Option kSample[] = {{"flag", ""}, {"value", "TEXT"}, {"many", "WORD", Count::any}};

struct OptionCase {
	Words words;
	std::string_view error;    ///< "" where it is fine
};

TEST(CliOptions, ReadsThemInEveryOrderAndRefusesTheRest) {
	const std::vector<OptionCase> cases{
		{{"A"}, ""},
		{{"--flag", "A"}, ""},
		{{"A", "--flag"}, ""},
		{{"--value", "x", "A"}, ""},
		{{"--value=x", "A"}, ""},
		{{"--value=", "A"}, ""},
		{{"--value", "-x", "A"}, ""},
		{{"--value", "--flag", "A"}, ""},
		{{"--many", "1", "A", "--many=2"}, ""},
		{{"--", "--flag"}, ""},
		{{"-"}, ""},
		{{"A", "B"}, ""},
		{{}, "ONE is missing"},
		{{"--flag"}, "ONE is missing"},
		{{"A", "B", "C"}, "too many arguments: \"C\""},
		{{"A", "--value"}, "--value needs a value: --value TEXT"},
		{{"A", "--flag=yes"}, "--flag takes no value"},
		{{"A", "--flag", "--flag"}, "--flag is given twice"},
		{{"A", "--value=1", "--value=2"}, "--value is given twice"},
		{{"A", "--fla"}, "unknown option \"--fla\""},
		{{"A", "-f"}, "unknown option \"-f\""},
		{{"A", "--=x"}, "unknown option \"--=x\""},
	};
	for (const OptionCase& one : cases) {
		const auto parsed = Arguments::parse(kSample, "ONE [TWO]", one.words);
		EXPECT_EQ(parsed ? "" : parsed.error().what, one.error);
	}
}

TEST(CliOptions, KeepsWhatWasGiven) {
	const Words words{"--many", "a,b", "--value=x=y", "--", "--flag", "--many"};
	const auto parsed = Arguments::parse(kSample, "ONE [TWO]", words);
	ASSERT_TRUE(parsed);
	EXPECT_FALSE(parsed->has("flag"));
	EXPECT_EQ(parsed->value("value"), "x=y");
	EXPECT_EQ(parsed->values("many"), Words{"a,b"});
	EXPECT_EQ(parsed->listed("many"), (Words{"a", "b"}));
	EXPECT_EQ(parsed->operands(), (Words{"--flag", "--many"}));
}

TEST(CliCompletion, OffersWhatTheTableHas) {
	World world;
	make(world.context.home + "/.ssh");
	make(world.context.home + "/.ssh/rassist");
	spill(world.context.home + "/.ssh/rassist/sn123.rassist.host", "");
	spill(world.context.home + "/.ssh/rassist/sn123.rassist.pub", "");
	const std::vector<std::pair<Words, std::string>> cases{
		{{"dev"}, "device\n"},
		{{"device", ""}, "add\nblock\nimport\nlist\npublish\nremove\nset\nshow\ntoken\nunblock\n"},
		{{"device", "l"}, "list\n"},
		{{"open", "--"}, "--for\n"},
		{{"open", "--for", ""}, ""},
		{{"open", "--for", "1h", "--"}, ""},
		{{"staff", "add", "--from", "x", "--f"}, "--from\n"},
		{{"key", "s"}, "sn123\n"},
		{{"help", "exte"}, "extend\n"},
		{{"complete"}, ""},
		{{"known"}, ""},
		{{"nothing", ""}, ""},
	};
	for (const auto& [typed, offered] : cases) {
		Words words{"complete", "--"};
		words.insert(words.end(), typed.begin(), typed.end());
		EXPECT_EQ(world.run(words), EX_OK);
		EXPECT_EQ(world.out.str(), offered) << typed.back();
	}
}

}    // namespace
}    // namespace rassist::cli::test
