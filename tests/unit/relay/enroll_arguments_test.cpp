// What the helper gives enroll as its arguments.
#include "common/keys/digest.hpp"
#include "relay/enroll.hpp"
#include "tests/unit/sample_key.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rassist::enroll {
namespace {

using test::sample_key;

TEST(EnrollArguments, AreTheHelpersTwoFormsAndNothingElse) {
	const std::string token = fingerprint_of(sample_key()).file_name();
	struct Case {
		std::vector<const char*> arguments;
		bool good;
	};
	const std::vector<Case> cases{{{"identity", "sn1"}, true},
		{{"activation", "sn1", token.c_str()}, true}, {{}, false}, {{"identity"}, false},
		{{"identity", "sn1", token.c_str()}, false}, {{"identity", "../sn1"}, false},
		{{"activation", "sn1"}, false}, {{"activation", "sn1", "../x"}, false},
		{{"activation", "sn1", token.c_str(), "x"}, false}, {{"tunnel", "sn1"}, false},
		{{"", ""}, false}};
	for (const Case& one : cases)
		EXPECT_EQ(parse_caller(one.arguments).ok(), one.good)
			<< testing::PrintToString(one.arguments);
	EXPECT_FALSE(parse_caller(cases[0].arguments)->token);
	EXPECT_EQ(parse_caller(cases[1].arguments)->token->file_name(), token);
}

}    // namespace
}    // namespace rassist::enroll
