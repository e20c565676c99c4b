#include "rassist/relay/csv.hpp"
#include "rassist/relay/json_elements.hpp"
#include "tests/unit/rassist/relay/relay_world.hpp"

#include "common/admission/group_index.hpp"

#include <sysexits.h>

#include <sys/mman.h>

#include <random>

namespace rassist::cli::test {
namespace {

/// A file that holds this text, at its beginning.
UniqueFd file_of(std::string_view text) {
	UniqueFd file(memfd_create("text", MFD_CLOEXEC));
	EXPECT_TRUE(write_all(file.get(), text));
	EXPECT_EQ(lseek(file.get(), 0, SEEK_SET), 0);
	return file;
}

using Table = std::vector<std::vector<std::string>>;

/// The records, or the error as the one field of the last.
Table csv_of(std::string_view text) {
	const UniqueFd file = file_of(text);
	ByteSource source(file.get());
	Table table;
	while (true) {
		auto record = read_csv_record(source);
		if (record.failed()) {
			table.push_back({"error: " + record.error().what});
			return table;
		}
		if (record.absent())
			return table;
		table.push_back(record->fields);
	}
}

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

std::string json_of(std::string_view text) {
	const UniqueFd file = file_of(text);
	ByteSource source(file.get());
	JsonElements elements(source);
	std::string told;
	while (true) {
		const auto element = elements.next();
		if (element.failed())
			return told + "error: " + element.error().what;
		if (element.absent())
			return told;
		told += std::to_string(element->line) + ":";
		for (const auto& [key, value] : element->values)
			told += " " + key + (value ? "=" + *value : ": " + value.error().what);
		told += "\n";
	}
}

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

class CliImport : public testing::Test {
protected:
	int import(std::string_view text, const std::vector<std::string>& more = {}) {
		spill(world.folder / "devices", text);
		std::vector<std::string> words{"device", "import", world.folder / "devices"};
		words.insert(words.end(), more.begin(), more.end());
		return world.run(words);
	}
	[[nodiscard]] std::optional<Device> device(const char* serial) const {
		return *find_device(world.paths, *Serial::parse(serial), geteuid());
	}
	[[nodiscard]] std::size_t registered() const {
		return Folder::open(world.paths.devices())->names()->size();
	}
	/// Nothing is registered, and this is said of it.
	void refused(std::string_view text, std::string_view complaint) {
		const std::size_t before = registered();
		EXPECT_EQ(import(text), EX_DATAERR) << text;
		EXPECT_TRUE(world.complains(complaint)) << world.err.str() << "instead of " << complaint;
		EXPECT_EQ(registered(), before);
		EXPECT_FALSE(is_there(world.paths.devices() + "/.import"));
	}

	RelayWorld world;
};

TEST_F(CliImport, TakesCsvWithColumnsInAnyOrder) {
	ASSERT_EQ(
		import(
			"\xef\xbb\xbf"
			"Note,serial,groups,blocked\r\n\"cellar, left\",SN1,gold north gold,\r\n,sn2,,yes\r\n"),
		EX_OK)
		<< world.err.str();
	EXPECT_TRUE(world.says("Registered 2 devices"));
	EXPECT_EQ(device("sn1")->note, "cellar, left");
	EXPECT_EQ(device("sn1")->groups, (std::vector{*Name::parse("gold"), *Name::parse("north")}));
	EXPECT_FALSE(device("sn1")->blocked);
	EXPECT_TRUE(device("sn2")->blocked);
	EXPECT_GT(device("sn2")->added, 1'700'000'000);
}

TEST_F(CliImport, TakesWhatTheListPrints) {
	ASSERT_EQ(
		import("serial,groups,note,blocked\na1,gold,n1,no\na2,,\"n \"\"2\"\"\",yes\n"), EX_OK);
	ASSERT_EQ(world.run({"device", "list", "--json"}), EX_OK);
	const std::string json = world.out.str();
	RelayWorld other;
	spill(other.folder / "devices", json);
	ASSERT_EQ(other.run({"device", "import", other.folder / "devices"}), EX_OK) << other.err.str();
	ASSERT_EQ(other.run({"device", "list", "--json"}), EX_OK);
	const auto without_date = [](std::string text) {
		for (std::size_t at = 0; (at = text.find("\"added\"", at)) != std::string::npos;)
			text.erase(at, text.find('\n', at) - at);
		return text;
	};
	EXPECT_EQ(without_date(other.out.str()), without_date(json));
}

TEST_F(CliImport, SaysEverythingThatIsWrongAndRegistersNothing) {
	world.add_device("old");
	refused("serial,note\nsn1,\nsn_2,\nsn3,a ; b\nsn1,\nold,\nsn4,x,y\n",
		"line 3: serial: \"sn_2\" is not a serial");
	EXPECT_TRUE(world.complains("line 4: note: ") &&
				world.complains("line 5: sn1 comes twice, first in line 2") &&
				world.complains("line 6: old is registered already") &&
				world.complains("line 7: 3 fields where the first line names 2 columns") &&
				world.complains("no device was registered"))
		<< world.err.str();
	refused("serial,blocked\nsn1,maybe\n", "line 2: blocked: \"maybe\" is neither yes nor no");
	refused("serial,groups\nsn1,a/b\n", "line 2: groups: ");
	refused("serial,group\nsn1,\n", "unknown name \"group\"; known are serial");
	refused("note\nsn1\n", "no column is called serial");
	refused("serial;note\nsn1;x\n", "columns are separated by ','");
	refused("serial,serial\nsn1,sn2\n", "comes twice");
	refused("serial\n", "there is no device in it");
	refused("", "there is nothing in it");
	refused("[]", "there is no device in it");
	refused("[{\"note\":\"x\"}]", "line 1: no serial");
	refused("[{\"serial\":\"sn1\",\"grups\":[]}]", "line 1: unknown name \"grups\"");
	refused("serial\nsn1\nsn2,\"x\n", "line 3: the quoted field that begins here is not closed");
	EXPECT_EQ(import("serial\nsn1\n", {"--format", "json"}), EX_DATAERR);
	EXPECT_EQ(import("serial\nsn1\n", {"--format", "xml"}), EX_USAGE);
	EXPECT_EQ(import("serial\nsn1\n", {"--format", "csv"}), EX_OK);
	EXPECT_EQ(world.run({"device", "import", world.folder / "nowhere"}), EX_NOINPUT);
}

TEST_F(CliImport, StopsTellingAfterAHundredErrors) {
	std::string text = "serial\n";
	for (int i = 0; i < 200; ++i)
		text += "sn_" + std::to_string(i) + "\n";
	refused(text, "these are the first 100");
	EXPECT_TRUE(world.complains("line 101:"));
	EXPECT_FALSE(world.complains("line 102:"));
}

TEST_F(CliImport, ABarIsDrawnForATerminalAlone) {
	std::string text = "serial\n";
	for (int i = 0; i < 20'000; ++i)
		text += "sn" + std::to_string(i) + "\n";
	world.context.progress = true;
	ASSERT_EQ(import(text), EX_OK);
	EXPECT_TRUE(world.complains("Writing [#")) << world.err.str();
	EXPECT_TRUE(world.err.str().ends_with("\r\033[K"));
	EXPECT_EQ(registered(), 20'000U);
}

TEST_F(CliImport, AListIsFilteredByPatternGroupAndState) {
	ASSERT_EQ(import("serial,groups,blocked\na1,gold,\na2,gold,yes\nb1,north,\nb2,,\n"), EX_OK);
	const UniqueFd one = world.tunnel("a1");
	const UniqueFd two = world.tunnel("b1");
	const auto listed = [&](std::vector<std::string> words) {
		words.insert(words.begin(), {"device", "list"});
		EXPECT_EQ(world.run(words), EX_OK) << world.err.str();
		std::string serials;
		std::istringstream lines(world.out.str());
		for (std::string line; std::getline(lines, line);)
			if (line.find("127.64") != std::string::npos)
				serials += (serials.empty() ? "" : " ") + line.substr(0, line.find(' '));
		return serials;
	};
	EXPECT_EQ(listed({}), "a1 a2 b1 b2");
	EXPECT_EQ(listed({"a*", "b2"}), "a1 a2 b2");
	EXPECT_EQ(listed({"@gold"}), "a1 a2");
	EXPECT_EQ(listed({"@gold", "b2", "b2"}), "a1 a2 b2");
	EXPECT_EQ(listed({"@gold", "b*"}), "a1 a2 b1 b2");
	EXPECT_EQ(listed({"--state", "open"}), "a1 b1");
	EXPECT_EQ(listed({"--state", "open", "@north"}), "b1");
	EXPECT_EQ(listed({"--state", "blocked"}), "a2");
	EXPECT_EQ(listed({"--state", "closed", "*"}), "b2");
	EXPECT_EQ(listed({"c*"}), "");
	EXPECT_TRUE(world.says("No such device is registered."));
	ASSERT_EQ(unlink((world.paths.groups() + "/" + kWhole).c_str()), 0);
	EXPECT_EQ(listed({"@gold"}), "a1 a2") << "without an index, too";
	EXPECT_EQ(world.run({"device", "list", "--state", "asleep"}), EX_USAGE);
	EXPECT_EQ(world.run({"device", "list", "a/b"}), EX_USAGE);
}

}    // namespace
}    // namespace rassist::cli::test
