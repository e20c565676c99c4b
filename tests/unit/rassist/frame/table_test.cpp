// The table of verbs, and what of it is shown.
#include "common/base/parse.hpp"
#include "rassist/frame/help.hpp"
#include "rassist/frame/table.hpp"

#include <gtest/gtest.h>

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

}    // namespace
}    // namespace rassist::cli::test
