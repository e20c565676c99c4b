#include "tests/unit/rassist/relay/read_texts.hpp"

#include <gtest/gtest.h>

namespace rassist::cli::test {
namespace {

TEST(JsonElements, AreReadOneByOneWithTheirLines) {
	EXPECT_EQ(json_of("[]"), "");
	EXPECT_EQ(json_of(" [ ] \n"), "");
	EXPECT_EQ(json_of("[{\"a\":\"b\\\"}\",\"c\":[\"d\",\"e\"]},\n\n{\"f\":true,\"g\":null}]"),
		"1: a=b\"} c=d e\n3: f=yes g=\n");
	EXPECT_EQ(json_of("[{\"a\":1}]"),
		"1: a: a string, true, false or an array of strings would be right\n");
}

TEST(JsonElements, SayWhereTheyCannotBeRead) {
	const auto says = [](std::string_view text, std::string_view what) {
		const std::string told = json_of(text);
		EXPECT_NE(told.find("error: "), std::string::npos) << text;
		EXPECT_NE(told.find(what), std::string::npos) << told;
	};
	says("", "line 1: '[' is missing");
	says("{}", "line 1: '[' is missing");
	says("[\n{}", "line 2: ',' is missing");
	says("[{},]", "an object, '{', is wanted");
	says("[{}] x", "text after the end");
	says("[\n\n{\"a\":\n}", "line 4: no JSON");
	says("[{\"a\":\"b\",\"a\":\"c\"}]", "no JSON: duplicate");
	says("[{\"a\":\"" + std::string(70000, 'x') + "\"}]", "more than 65536 bytes");
	says("[{\"a\":\"\xff\"}]", "no JSON");
	says("[{\"a\":\"\\u0000\"}]", "no JSON");
	says("[{" + std::string(40000, '['), "no JSON");
}

}    // namespace
}    // namespace rassist::cli::test
