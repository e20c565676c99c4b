#include "common/admission/origin.hpp"
#include "common/base/parse_network.hpp"

#include <gtest/gtest.h>

namespace rassist {
namespace {

std::vector<Network> networks(const std::vector<const char*>& list) {
	std::vector<Network> parsed;
	for (const char* one : list)
		parsed.push_back(*Network::parse(one));
	return parsed;
}

TEST(Origin, IsOnEverybodysListAndOnThePersons) {
	struct Case {
		std::vector<const char*> everybodys, persons;
		const char* from;
		const char* refused;    // nullptr: one may come
	};
	const std::vector<Case> cases{
		{{}, {}, "203.0.113.20 5022", nullptr},
		{{}, {}, "unknown", nullptr},
		{{"203.0.113.0/24"}, {}, "203.0.113.20 5022", nullptr},
		{{"203.0.113.0/24"}, {}, "::ffff:203.0.113.20 5022", nullptr},
		{{"203.0.113.0/24"}, {}, "203.0.114.20 5022",
			"support may not come from 203.0.114.20 (support-from in rassist.conf)"},
		{{"203.0.113.0/24"}, {}, "2001:db8::20 5022", "support may not come from 2001:db8::20"},
		{{"203.0.113.0/24", "2001:db8::/64"}, {}, "2001:db8::20 5022", nullptr},
		{{"203.0.113.0/24"}, {"203.0.113.20"}, "203.0.113.20 5022", nullptr},
		{{"203.0.113.0/24"}, {"203.0.113.20"}, "203.0.113.21 5022",
			"this person may not come from 203.0.113.21 (the staff record's `from`)"},
		{{}, {"203.0.113.20"}, "2001:db8::20 5022", "this person may not come from 2001:db8::20"},
		{{"203.0.113.20"}, {"203.0.113.0/24"}, "203.0.113.21 5022",
			"support may not come from 203.0.113.21"},
		{{"203.0.113.20"}, {"198.51.100.0/24"}, "203.0.113.20 5022", "this person may not"},
		{{"203.0.113.20"}, {}, "203.0.113.20", nullptr},
		{{"0.0.0.0/0", "::/0"}, {}, "unknown", "support may not come from an unknown address"},
		{{"0.0.0.0/0", "::/0"}, {}, "tunnel", "an unknown address"},
		{{"0.0.0.0/0", "::/0"}, {}, "", "an unknown address"},
		{{}, {"0.0.0.0/0"}, "garbage 1", "this person may not come from an unknown address"},
	};
	for (const Case& one : cases) {
		const auto refused =
			refuse_origin(networks(one.everybodys), networks(one.persons), one.from);
		EXPECT_EQ(refused.has_value(), one.refused != nullptr)
			<< one.from << ": " << refused.value_or("allowed");
		EXPECT_NE(
			refused.value_or("").find(one.refused != nullptr ? one.refused : ""), std::string::npos)
			<< one.from;
	}
}

}    // namespace
}    // namespace rassist
