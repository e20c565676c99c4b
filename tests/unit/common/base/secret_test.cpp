#include "common/base/secret.hpp"

#include <gtest/gtest.h>

#include <string>
#include <type_traits>

namespace rassist {
namespace {

static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);

TEST(Secret, HoldsWhatItWasGiven) {
	EXPECT_EQ(Secret("abc").text(), "abc");
	EXPECT_EQ(Secret(3).text(), std::string(3, '\0'));
	EXPECT_TRUE(Secret().empty());
}

TEST(Secret, GrowsByAppending) {
	Secret secret;
	std::string expected;
	for (int i = 0; i < 200; ++i) {
		secret.append("0123456789");
		expected += "0123456789";
	}
	EXPECT_EQ(secret.text(), expected);
	secret.append("");
	EXPECT_EQ(secret.size(), expected.size());
}

TEST(Secret, MovingLeavesNothingBehind) {
	Secret from("abc");
	Secret to(std::move(from));
	EXPECT_EQ(to.text(), "abc");
	EXPECT_TRUE(from.empty());    // NOLINT(bugprone-use-after-move)
	Secret third("older");
	third = std::move(to);
	EXPECT_EQ(third.text(), "abc");
	EXPECT_TRUE(to.empty());    // NOLINT(bugprone-use-after-move)
}

TEST(Secret, WipingOverwritesTheBytes) {
	Secret secret("abcdef");
	const volatile unsigned char* bytes = secret.bytes().data();    // the vector keeps its buffer
	secret.wipe();
	EXPECT_TRUE(secret.empty());
	EXPECT_EQ(secret.text(), "");
	secret.append("ABCDEF");
	EXPECT_EQ(secret.bytes().data(), bytes);
	secret.wipe();
	secret.append("Z");
	EXPECT_EQ(secret.text(), "Z");
}

TEST(Secret, ComparesLengthAndBytes) {
	const Secret secret("abc");
	EXPECT_TRUE(secret.equals("abc"));
	for (const char* other : {"", "ab", "abcd", "abd", "bbc", "ABC"})
		EXPECT_FALSE(secret.equals(other)) << other;
	EXPECT_TRUE(Secret().equals(""));
}

TEST(Secret, ACloneIsItsOwn) {
	Secret secret("abc");
	const Secret copy = secret.clone();
	secret.wipe();
	EXPECT_EQ(copy.text(), "abc");
}

}    // namespace
}    // namespace rassist
