// What an import is read by: both readers come to an end.
#include "tests/unit/rassist/relay/read_texts.hpp"

#include <gtest/gtest.h>

#include <random>

namespace rassist::cli::test {
namespace {

/// Whatever comes, both readers come to an end, and say something of it or read it.
TEST(Readers, ComeToAnEndWithAnything) {
	std::mt19937 random(99);
	const std::string json = "[{\"serial\":\"sn1\",\"groups\":[\"a\",\"b\"],\"note\":\"n\\n\","
							 "\"blocked\":false},{\"serial\":\"sn2\"}]";
	const std::string csv = "serial,note\r\nsn1,\"a \"\"b\"\"\"\r\nsn2,\r\n";
	for (int round = 0; round < 3000; ++round) {
		std::string text = round % 2 == 0 ? json : csv;
		for (std::size_t changes = 1 + random() % 4; changes > 0; --changes) {
			const std::size_t at = random() % text.size();
			switch (random() % 3) {
			case 0:
				text[at] = static_cast<char>(random());
				break;
			case 1:
				text.erase(at, 1 + random() % 3);
				break;
			default:
				text.insert(at, 1 + random() % 3, static_cast<char>("\",[]{}\r\n\\"[random() % 9]));
			}
			if (text.empty())
				text = "x";
		}
		static_cast<void>(csv_of(text));
		static_cast<void>(json_of(text));
	}
}

}    // namespace
}    // namespace rassist::cli::test
