// device import: all devices of a file are registered, or none.
#include "common/records/registry.hpp"
#include "tests/unit/rassist/relay/relay_world.hpp"

#include <sysexits.h>

namespace rassist::cli::test {
namespace {

class CliImport : public testing::Test {
protected:
	int import(std::string_view text, const std::vector<std::string>& more = {}) {
		spill(world.folder / "devices", text);
		std::vector<std::string> words{"device", "import", world.folder / "devices"};
		words.insert(words.end(), more.begin(), more.end());
		return world.run(words);
	}
	[[nodiscard]] std::optional<Device> device(const char* serial) const {
		auto found = find_device(world.paths, *Serial::parse(serial), geteuid());
		EXPECT_FALSE(found.failed());
		return std::move(found).optional();
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

}    // namespace
}    // namespace rassist::cli::test
