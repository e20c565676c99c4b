#include "rassist/frame/options.hpp"

#include <gtest/gtest.h>

namespace rassist::cli::test {
namespace {

using Words = std::vector<std::string>;

constexpr Option kSample[] = {{"flag", ""}, {"value", "TEXT"}, {"many", "WORD", OptionCount::any}};

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

}    // namespace
}    // namespace rassist::cli::test
