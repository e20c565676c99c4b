#include "common/keys/code.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace rassist {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

std::string canonical_of(std::string_view text) {
	const auto code = Code::parse(text);
	return code ? std::string(code->canonical()) : "refused: " + code.error().what;
}

TEST(Code, ReadsWhatPeopleWrite) {
	for (const char* text : {"K7QF-2M9X-TB4DE", "k7qf-2m9x-tb4de", "K7QF2M9XTB4DE",
			 "  K7QF 2M9X TB4DE\n", "K-7-Q-F-2-M-9-X-T-B-4-D-E", "K7QF\t2M9X\r\nTB4DE"})
		EXPECT_EQ(canonical_of(text), "K7QF2M9XTB4DE") << text;
	for (const char* text : {"0000-0000-00000", "oOoO-0000-0000o"})
		EXPECT_EQ(canonical_of(text), "0000000000000") << text;
	const auto with_one = Code::random();    // I and L read as 1: in any code that has one
	std::string text(with_one.canonical());
	for (const char instead : {'I', 'i', 'L', 'l'}) {
		std::string other = text;
		std::replace(other.begin(), other.end(), '1', instead);
		EXPECT_EQ(canonical_of(other), text) << other;
	}
}

TEST(Code, SaysWhatIsWrongAndNeverRepeatsTheInput) {
	struct Case {
		std::string text;
		const char* says;
	};
	for (const auto& [text, says] : {
			 Case{"", "too short"},
			 Case{"----", "too short"},
			 Case{"K7QF-2M9X-TB4D", "too short"},
			 Case{"K7QF-2M9X-TB4DEE", "too long"},
			 Case{std::string(100'000, '7'), "too long"},
			 Case{"K7QF-2M9X-TB4DU", "cannot be in a code"},
			 Case{"K7QF-2M9X-TB4D\xc3\x89", "cannot be in a code"},
			 Case{std::string("K7QF-2M9X-TB4D\0", 15), "cannot be in a code"},
			 Case{"K7QF-2M9X-TB4D*", "cannot be in a code"},
			 Case{"K7QF_2M9X_TB4DE", "cannot be in a code"},
			 Case{"K7QF-2M9X-TB4DF", "mistyped"},
		 }) {
		const auto code = Code::parse(text);
		ASSERT_FALSE(code) << text;
		EXPECT_EQ(code.error().code, Fault::invalid);
		EXPECT_NE(code.error().what.find(says), std::string::npos) << code.error().what;
		EXPECT_EQ(code.error().what.find("TB4DF"), std::string::npos) << code.error().what;
		EXPECT_EQ(code.error().what.find("TB4DU"), std::string::npos) << code.error().what;
	}
}

TEST(Code, IsWrittenInGroups) {
	EXPECT_EQ(Code::parse("k7qf2m9xtb4de")->written().text(), "K7QF-2M9X-TB4DE");
}

TEST(Code, RandomOnesAreReadBackAndDiffer) {
	std::set<std::string> seen;
	std::set<char> characters;
	for (int i = 0; i < 1000; ++i) {
		const Code code = Code::random();
		EXPECT_EQ(canonical_of(code.written().text()), code.canonical());
		EXPECT_TRUE(seen.emplace(code.canonical()).second);
		// the check character follows from them
		characters.insert(code.canonical().begin(), code.canonical().end() - 1);
	}
	EXPECT_EQ(std::string(characters.begin(), characters.end()), kAlphabet);
}

TEST(Code, ComparesAsAWhole) {
	const Code code = *Code::parse("K7QF-2M9X-TB4DE");
	EXPECT_TRUE(code.equals(code.clone()));
	EXPECT_FALSE(code.equals(*Code::parse("0000-0000-00000")));
}

// The sum is linear over GF(32): an error e is caught if and only if e alone is not a code. So what
// follows, all errors on the code 0…0, is the proof for every code; the random ones repeat it where
// a slip in the field's arithmetic would show.
TEST(CheckCharacter, CatchesEverySingleWrongCharacter) {
	for (int i = 0; i < 20; ++i) {
		const std::string right =
			i == 0 ? std::string(13, '0') : std::string(Code::random().canonical());
		for (std::size_t at = 0; at < right.size(); ++at)
			for (const char instead : kAlphabet) {
				std::string wrong = right;
				wrong[at] = instead;
				EXPECT_EQ(Code::parse(wrong).ok(), wrong == right) << wrong;
			}
	}
}

TEST(CheckCharacter, CatchesEverySwapOfTwoNeighbours) {
	// for each pair of characters and each place: codes that have this pair there, the check
	// character's place included
	for (std::size_t at = 0; at + 1 < 13; ++at)
		for (const char first : kAlphabet)
			for (const char second : kAlphabet) {
				std::string right(13, '0');
				right[at] = first;
				right[at + 1] = second;
				// one character is chosen so that it is a code
				const std::size_t free = at == 0 ? 5 : 0;
				const auto is_code = [&](char c) {
					right[free] = c;
					return Code::parse(right).ok();
				};
				ASSERT_EQ(std::count_if(kAlphabet.begin(), kAlphabet.end(), is_code), 1) << right;
				right[free] = *std::find_if(kAlphabet.begin(), kAlphabet.end(), is_code);
				std::string swapped = right;
				std::swap(swapped[at], swapped[at + 1]);
				EXPECT_EQ(Code::parse(swapped).ok(), first == second) << right;
			}
}

}    // namespace
}    // namespace rassist
