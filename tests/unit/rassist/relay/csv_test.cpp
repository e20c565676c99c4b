#include "tests/unit/rassist/relay/read_texts.hpp"

#include <gtest/gtest.h>

#include <random>

namespace rassist::cli::test {
namespace {

TEST(Csv, IsReadAsRfc4180HasIt) {
	EXPECT_EQ(csv_of("a,b\r\nc,d\r\n"), (Table{{"a", "b"}, {"c", "d"}}));
	EXPECT_EQ(csv_of("a,b\nc,d"), (Table{{"a", "b"}, {"c", "d"}}));
	EXPECT_EQ(csv_of("\"a,\"\"b\"\"\",\"c\r\nd\"\n"), (Table{{"a,\"b\"", "c\r\nd"}}));
	EXPECT_EQ(csv_of(",\n\"\",\n"), (Table{{"", ""}, {"", ""}}));
	EXPECT_EQ(csv_of("\n\r\na\n\n\nb\n\n"), (Table{{"a"}, {"b"}})) << "empty lines";
	EXPECT_EQ(csv_of(""), (Table{}));
	EXPECT_EQ(csv_of(" a ,b"), (Table{{" a ", "b"}}));
}

TEST(Csv, SaysWhereItCannotBeRead) {
	const auto error = [](std::string_view text) { return csv_of(text).back().front(); };
	EXPECT_NE(
		error("a\nb,\"c\nd\ne").find("line 2: the quoted field that begins here is not closed"),
		std::string::npos);
	EXPECT_NE(error("a\nb\"c\n").find("line 2: a quote inside a field"), std::string::npos);
	EXPECT_NE(error("a\n\"b\"c\n").find("line 2: text after a closing quote"), std::string::npos);
	EXPECT_NE(error("a\rb\n").find("line 1: a carriage return in the middle of a line"),
		std::string::npos);
	EXPECT_NE(error(std::string_view("a\0b", 3)).find("NUL byte"), std::string::npos);
	EXPECT_NE(error(std::string(5000, 'a')).find("more than 4096 bytes"), std::string::npos);
	EXPECT_NE(error("\"" + std::string(5000, 'a')).find("more than 4096 bytes"), std::string::npos);
	EXPECT_NE(error(std::string(64, ',')).find("more than 64 fields"), std::string::npos);
	EXPECT_EQ(csv_of(std::string(63, ',')).front().size(), 64U);
}

TEST(Csv, GivesBackWhateverWasWritten) {
	std::mt19937 random(4180);
	constexpr std::string_view kAlphabet = "ab,\"\r\n ;\xc3\xa4";
	for (int round = 0; round < 300; ++round) {
		Table table(1 + random() % 5, std::vector<std::string>(2 + random() % 3));
		std::string text;
		for (auto& record : table) {
			record.resize(table.front().size());
			for (std::size_t i = 0; i < record.size(); ++i) {
				for (std::size_t length = random() % 6; length > 0; --length)
					record[i] += kAlphabet[random() % kAlphabet.size()];
				std::string quoted = record[i];
				for (std::size_t at = 0; (at = quoted.find('"', at)) != std::string::npos; at += 2)
					quoted.insert(at, 1, '"');
				const bool plain =
					record[i].find_first_of(",\"\r\n") == std::string::npos && random() % 2 == 0;
				text += (i == 0 ? "" : ",") + (plain ? record[i] : '"' + quoted + '"');
			}
			text += random() % 2 == 0 ? "\r\n" : "\n";
		}
		ASSERT_EQ(csv_of(text), table) << text;
	}
}

}    // namespace
}    // namespace rassist::cli::test
