#include "common/base/ini.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace rassist {
namespace {

std::string shown(std::string_view text) {
	const Result<std::vector<IniEntry>> entries = parse_ini(text, "F");
	if (!entries)
		return entries.error().what;
	std::string all;
	for (const IniEntry& e : *entries)
		all += e.section + "." + e.key + "=" + e.value + "@" + std::to_string(e.line) + " ";
	return all;
}

TEST(Ini, GivesEntriesWithTheirLines) {
	struct Case {
		std::string text;
		const char* entries;
	};
	for (const Case& c : {Case{"", ""}, Case{"[a]\nb = c\n", "a.b=c@2 "},
			 Case{"[a]\nb=c", "a.b=c@2 "}, Case{"# x\n; y\n\n[a]\n\nb\t=\tc d \n", "a.b=c d@6 "},
			 Case{"[a]\nb = 1\n[c]\nb = 2\n", "a.b=1@2 c.b=2@4 "}, Case{"[a]\nb =\n", "a.b=@2 "},
			 Case{"[a]\nb = c=d:e;f#g\n", "a.b=c=d:e;f#g@2 "},
			 Case{"[a]\nb = one\n  two\n\tthree\nc = 4\n", "a.b=onetwothree@2 a.c=4@5 "},
			 Case{"[a]\nb =\n  two\n", "a.b=two@2 "},
			 Case{"[a]\n  # indented comment\nb = c # d\n", "a.b=c # d@3 "},
			 Case{"[a]\nb = [x]\n  [y]\n  z = 1\n", "a.b=[x][y]z = 1@2 "}})
		EXPECT_EQ(shown(c.text), c.entries) << c.text;
}

TEST(Ini, RefusesWithFileAndLine) {
	struct Case {
		const char* what;
		std::string text;
		const char* begins;
	};
	for (const Case& c :
		{Case{"NUL", std::string("[a]\nb = c\0d\n", 12), "F:2: a control character"},
			Case{"escape", "[a]\nb = \x1b[m\n", "F:2: a control"},
			Case{"carriage return", "[a]\r\n", "F:1: a control"},
			Case{"DEL", "[a]\nb = \x7f\n", "F:2: a control"},
			Case{"long line", "[a]\nb = " + std::string(200, 'x') + "\n", "F:2: longer than"},
			Case{"long comment", "# " + std::string(200, 'x'), "F:1: longer"},
			Case{"long key", "[a]\n" + std::string(50, 'k') + " = 1\n", "F:2: "},
			Case{"long section", "[" + std::string(50, 's') + "]\n", "F:1: "},
			Case{"no '='", "[a]\nbcd\n", "F:2: \"bcd\" is neither"},
			Case{"colon", "[a]\nb: c\n", "F:2: "}, Case{"empty key", "[a]\n= c\n", "F:2: "},
			Case{"blank in key", "[a]\nb c = d\n", "F:2: "},
			Case{"odd key", "[a]\nb.c = d\n", "F:2: "},
			Case{"open section", "[ab\nb = c\n", "F:1: \"[ab\" is not a section"},
			Case{"empty section", "[]\n", "F:1: "}, Case{"more after section", "[a] b\n", "F:1: "},
			Case{"key before section", "b = c\n[a]\n", "F:1: key 'b' stands before"},
			Case{"duplicate key", "[a]\nb = 1\nc = 2\nb = 3\n", "F:4: key 'b' comes twice"},
			Case{"section twice", "[a]\n[b]\n[a]\n", "F:3: section [a] comes twice"},
			Case{"inline comment", "[a]\nb = c ; d\n", "F:2: ';' after white space"},
			Case{"value hidden by a comment", "[a]\nb = ;c\n", "F:2: ';' after"},
			Case{"comment in section", "[a] ; b\n", "F:1: ';' after"},
			Case{"indented key", "[a]\n b = c\n", "F:2: begins with white space"},
			Case{"continuation after comment", "[a]\nb = c\n# x\n d\n", "F:4: begins with"},
			Case{"continuation after empty line", "[a]\nb = c\n\n d\n", "F:4: begins"},
			Case{"BOM", "\xef\xbb\xbf[a]\n", "F:1: "}})
		EXPECT_TRUE(shown(c.text).starts_with(c.begins)) << c.what << ": " << shown(c.text);
	EXPECT_EQ(parse_ini("[a]\n" + std::string(70000, '\n'), "F").error().code, Fault::too_large);
	EXPECT_EQ(parse_ini("b = c\n", "F").error().code, Fault::invalid);
}

TEST(Ini, LongestLineKeyAndSectionArriveWhole) {
	const std::string name(49, 'k');
	const std::string value(190 - name.size() - 3, 'v');
	EXPECT_EQ(shown("[" + name + "]\n" + name + " = " + value + "\n"),
		name + "." + name + "=" + value + "@2 ");
}

TEST(IniSection, TakesEachKeyOnceAndRefusesTheRest) {
	Result<IniSection> section =
		IniSection::read("[s]\nversion = 1\na = 1\nempty =\nextra = x\n", "s", "F");
	ASSERT_TRUE(section);
	EXPECT_TRUE(section->version());
	EXPECT_EQ(*section->required("a"), "1");
	EXPECT_EQ(section->optional("empty"), "");
	EXPECT_TRUE(section->has("empty"));
	EXPECT_FALSE(section->has("none"));
	EXPECT_EQ(section->optional("none"), "");
	EXPECT_EQ(section->required("none").error().what, "F: key 'none' is missing in [s]");
	EXPECT_EQ(section->required("empty").error().what, "F:4: empty: must not be empty");
	EXPECT_EQ(section->finish().error().what, "F:5: unknown key \"extra\" in [s]");
	EXPECT_EQ(section->optional("extra"), "x");
	EXPECT_TRUE(section->finish());
	EXPECT_EQ(section->about("a", Error{Fault::expired, "no"}).what, "F:3: a: no");
	EXPECT_EQ(section->about("a", Error{Fault::expired, "no"}).code, Fault::expired);
}

TEST(IniSection, MustBeTheOnlyOne) {
	for (const char* bad : {"", "[t]\nversion = 1\n", "[s]\nversion = 1\n[t]\n",
			 "[t]\n[s]\nversion = 1\n", "# only a comment\n"})
		EXPECT_EQ(IniSection::read(bad, "s", "F").error().code, Fault::invalid) << bad;
}

TEST(IniSection, VersionSaysHowStrict) {
	struct Case {
		const char* version;
		bool read;
		bool tolerant;
	};
	for (const Case& c : {Case{"1", true, false}, Case{"1.0", true, false}, Case{"1.3", true, true},
			 Case{"2", false, false}, Case{"1.x", false, false}, Case{"1.", false, false},
			 Case{"10", false, false}, Case{"0", false, false}}) {
		Result<IniSection> section = IniSection::read(
			"[s]\nversion = " + std::string(c.version) + "\nlater = x\n", "s", "F");
		ASSERT_TRUE(section);
		const Status version = section->version();
		EXPECT_EQ(version.ok(), c.read) << c.version;
		EXPECT_TRUE(version || version.error().code == Fault::unsupported) << c.version;
		EXPECT_EQ(section->finish().ok(), c.tolerant) << c.version;
	}
	Result<IniSection> none = IniSection::read("[s]\na = 1\n", "s", "F");
	EXPECT_EQ(none->version().error().code, Fault::invalid);
}

TEST(IniWriter, IsReadBackAsItWas) {
	const std::vector<std::string> values{"x", std::string(120, 'a'), std::string(121, 'b'),
		std::string(2000, 'c'), std::string(119, 'd') + " e " + std::string(200, 'f'),
		std::string(120, 'g') + "#h;i" + std::string(200, 'j'),
		std::string(119, 'k') + "\xc3\xa4" + std::string(150, 'l'), std::string(120, 'm') + ";n",
		"a = b", "[x]", "# no comment", "tab\tinside", "a;b"};
	for (const std::string& value : values) {
		IniWriter writer("section");
		writer.add("version", "1").add("key", value).add_if("none", "").add_if("last", "z");
		Result<IniSection> section = IniSection::read(writer.text(), "section", "F");
		ASSERT_TRUE(section) << section.error().what << "\n" << writer.text();
		EXPECT_TRUE(section->version());
		EXPECT_EQ(*section->required("key"), value);
		EXPECT_EQ(*section->required("last"), "z");
		EXPECT_FALSE(section->has("none"));
		EXPECT_EQ(writer.text().find("\xc3\n"), std::string::npos) << "no character is broken";
	}
}

TEST(IniWriter, TakesAnySentence) {
	struct Case {
		std::string sentence;
		std::string read;
	};
	for (const Case& c : {Case{"plain", "plain"}, Case{" a ;b\n", "a ,b"}, Case{";x", ",x"},
			 Case{"a\x1b[m\nb", "a?[m?b"}, Case{"a" + std::string(500, ' ') + "\tb", "a b"},
			 Case{" ", ""}, Case{std::string(3000, 'x'), std::string(1000, 'x')},
			 Case{"\"a;\" # b", "\"a,\" # b"}}) {
		IniWriter writer("s");
		writer.add_sentence("k", c.sentence);
		Result<IniSection> section = IniSection::read(writer.text(), "s", "F");
		ASSERT_TRUE(section) << section.error().what;
		EXPECT_EQ(section->optional("k"), c.read);
		EXPECT_EQ(section->has("k"), !c.read.empty());
	}
}

TEST(IniWriter, RefusesValuesThatWouldNotBeReadBack) {
	for (const std::string& bad : {std::string("a\nb"), std::string("a\rb"), std::string("a\0b", 3),
			 std::string(" a"), std::string("a "), std::string("a ;b"), std::string("a\t;b"),
			 std::string(";a"), std::string("\x1b"), "a" + std::string(300, ' ') + "b"}) {
		IniWriter writer("s");
		EXPECT_THROW(writer.add("k", bad), std::logic_error) << bad;
	}
	IniWriter writer("s");
	EXPECT_THROW(writer.add("bad key", "x"), std::logic_error);
	EXPECT_THROW(IniWriter("bad]"), std::logic_error);
}

}    // namespace
}    // namespace rassist
