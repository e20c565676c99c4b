#include "pam_rassist/decide.hpp"

#include "common/records/window.hpp"
#include "common/sessions/connection.hpp"
#include "common/system/files_write.hpp"
#include "tests/unit/pam_rassist/test_world.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <map>

namespace rassist::pam {
namespace {

const Request kAssist{Account::assist, {}, false, "tunnel"};

std::string key_line() {
	return "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";
}

TEST(PamRequest, OnlyOurAccountsAreOurs) {
	const std::map<std::string, Account> table{{"rassist", Account::assist},
		{"rassist-device", Account::device}, {"rassist-tunnel", Account::tunnel},
		{"rassist-support", Account::support}, {"root", Account::foreign}, {"", Account::foreign},
		{"Rassist", Account::foreign}, {"rassist ", Account::foreign},
		{"rassist-keys", Account::foreign}, {"rassist-agent", Account::foreign},
		{"rassist2", Account::foreign}};
	for (const auto& [user, account] : table)
		EXPECT_EQ(account_of(user), account) << user;
}

TEST(PamRequest, SshdSaysWhichKeyLoggedIn) {
	struct Row {
		std::string auth_info;
		bool key;
		bool typed;
	};
	for (const Row& row : {Row{"publickey " + key_line() + "\n", true, false},
			 Row{"publickey " + key_line(), true, false},
			 Row{"keyboard-interactive/pam\n", false, true},
			 Row{"keyboard-interactive\n", false, true}, Row{"", false, false},
			 Row{"\n\n", false, false}, Row{"password\n", false, false},
			 Row{"publickey\n", false, false}, Row{"publickey ssh-ed25519 AAAA\n", false, false},
			 Row{"publickey " + key_line() + "\nkeyboard-interactive/pam\n", true, true}}) {
		const Request request = read_request(Account::assist, row.auth_info, "");
		EXPECT_EQ(request.key.has_value(), row.key) << row.auth_info;
		EXPECT_EQ(request.typed, row.typed) << row.auth_info;
	}
}

TEST(PamRequest, WhereItComesFromIsTheClientsHalf) {
	const std::map<std::string, std::string> table{
		{"203.0.113.20 5022 203.0.113.10 443", "203.0.113.20 5022"},
		{"UNKNOWN 65535 /run/rassist/login.sock 65535", "tunnel"}, {"", "tunnel"},
		{"one", "tunnel"}, {"\x1b[2J 1 2 3", "unknown"}, {std::string(100, 'a') + " 1", "unknown"}};
	for (const auto& [connection, from] : table)
		EXPECT_EQ(read_request(Account::device, "", connection).from, from);
}

TEST(PamAuthenticate, TheRightCodeGetsInHoweverItIsWritten) {
	TestWorld world;
	world.open();
	std::string sloppy = " " + world.right_code();
	for (char& c : sloppy)
		c = static_cast<char>(std::tolower(c));
	world.typed = {world.right_code(), sloppy, std::string(world.code.canonical())};
	for (int i = 0; i < 3; ++i)
		EXPECT_EQ(authenticate(kAssist, world), Decision::allowed);
	EXPECT_EQ(world.prompts.front(), "Assistance code of sn123: ");
	EXPECT_EQ(read_wrong_codes(world.paths(), getuid()).value(), 0);
	EXPECT_TRUE(world.logged(message::kLoginAllowed));
}

TEST(PamAuthenticate, AWrongCodeIsRefusedAndCounted) {
	TestWorld world;
	world.open();
	world.typed = {TestWorld::wrong_code()};
	EXPECT_EQ(authenticate(kAssist, world), Decision::denied);
	EXPECT_EQ(read_wrong_codes(world.paths(), getuid()).value(), 1);
	EXPECT_TRUE(world.logged(message::kWrongCode));
}

TEST(PamAuthenticate, GarbageIsRefusedAndDoesNotCount) {
	TestWorld world;
	world.open();
	std::string typo = world.right_code();
	typo.back() = typo.back() == 'A' ? 'B' : 'A';
	world.typed = {"", "hello", typo, std::string(10'000, 'A'), "\x01\x02"};
	while (!world.typed.empty()) {
		EXPECT_EQ(authenticate(kAssist, world), Decision::denied);
		ASSERT_FALSE(world.told.empty());
		EXPECT_TRUE(world.told.back().starts_with("That is not a code: ")) << world.told.back();
	}
	EXPECT_EQ(read_wrong_codes(world.paths(), getuid()).value(), 0);
}

TEST(PamAuthenticate, FiveWrongCodesShutTheTypedWayForTheRightOneToo) {
	TestWorld world;
	world.open();
	for (int i = 1; i <= 5; ++i) {
		world.typed = {TestWorld::wrong_code()};
		EXPECT_EQ(authenticate(kAssist, world), i < 5 ? Decision::denied : Decision::exhausted)
			<< i;
	}
	world.typed = {world.right_code()};
	EXPECT_EQ(authenticate(kAssist, world), Decision::exhausted);
	EXPECT_EQ(world.prompts.size(), 5U);    // nobody types a code for nothing
	EXPECT_EQ(read_wrong_codes(world.paths(), getuid()).value(), 5);
	EXPECT_EQ(account(kAssist, world), Decision::allowed);    // the key's way stays
}

TEST(PamAuthenticate, ACodeIsCountedBeforeItIsCompared) {
	TestWorld world;
	world.open();
	world.typed = {world.right_code()};
	for (int i = 0; i < 4; ++i)
		ASSERT_TRUE(count_wrong_code(world.paths(), getuid()).ok());
	// another connection spends the fifth try while this one sits at the prompt
	world.at_prompt = [&] { EXPECT_TRUE(count_wrong_code(world.paths(), getuid()).ok()); };
	EXPECT_EQ(authenticate(kAssist, world), Decision::exhausted);
	EXPECT_EQ(read_wrong_codes(world.paths(), getuid()).value(), 5);
}

TEST(PamAuthenticate, WhatWasNotComparedDoesNotCount) {
	TestWorld world;
	world.open();
	world.typed = {world.right_code()};
	unlink(world.paths().code().c_str());
	EXPECT_EQ(authenticate(kAssist, world), Decision::denied);
	EXPECT_EQ(read_wrong_codes(world.paths(), getuid()).value(), 0);
}

TEST(PamAuthenticate, WithoutAWindowNothingIsAskedAndNothingTold) {
	TestWorld world;
	world.typed = {world.right_code()};
	EXPECT_EQ(authenticate(kAssist, world), Decision::denied);
	world.open();
	world.time.wall += 600;
	EXPECT_EQ(authenticate(kAssist, world), Decision::denied);
	world.time = {kTestNow, 1000, "another boot"};
	EXPECT_EQ(authenticate(kAssist, world), Decision::denied);
	EXPECT_TRUE(world.prompts.empty());
	EXPECT_TRUE(world.told.empty());
	EXPECT_TRUE(world.logged("the assistance window is closed"));
}

TEST(PamAuthenticate, TheTypedWayCanBeSwitchedOff) {
	TestWorld world;
	world.open();
	world.configure("[device]\nserial = sn123\ntyped-code = no\n");
	world.typed = {world.right_code()};
	EXPECT_EQ(authenticate(kAssist, world), Decision::exhausted);
	EXPECT_TRUE(world.prompts.empty());
}

TEST(PamAuthenticate, WhatCannotBeBelievedRefuses) {
	const std::map<std::string, std::function<void(TestWorld&)>> table{
		{"config missing", [](TestWorld& w) { unlink(w.paths().config().c_str()); }},
		{"config garbage", [](TestWorld& w) { w.configure("\x01\x02\x03"); }},
		{"config unknown key", [](TestWorld& w) { w.configure("[device]\nserail = sn1\n"); }},
		{"config writable", [](TestWorld& w) { chmod(w.paths().config().c_str(), 0666); }},
		{"window writable", [](TestWorld& w) { chmod(w.paths().window().c_str(), 0666); }},
		{"run folder writable", [](TestWorld& w) { chmod(w.paths().run.c_str(), 0777); }},
		{"code gone", [](TestWorld& w) { unlink(w.paths().code().c_str()); }},
		{"code readable", [](TestWorld& w) { chmod(w.paths().code().c_str(), 0644); }},
		{"count unreadable",
			[](TestWorld& w) { EXPECT_TRUE(make_folder(w.paths().wrong_codes(), 0700).ok()); }},
	};
	for (const auto& [what, spoil] : table) {
		TestWorld world;
		world.open();
		world.typed = {world.right_code()};
		spoil(world);
		EXPECT_EQ(authenticate(kAssist, world), Decision::denied) << what;
		EXPECT_TRUE(world.logged(message::kLoginRefused)) << what;
	}
}

TEST(PamAuthenticate, TheRelaysAccountsTypeNothing) {
	for (const Account account :
		{Account::device, Account::tunnel, Account::support, Account::foreign}) {
		TestWorld world;
		world.open();
		world.typed = {world.right_code()};
		EXPECT_EQ(authenticate({account, {}, false, ""}, world), Decision::denied);
		EXPECT_TRUE(world.prompts.empty());
	}
}

TEST(PamAuthenticate, NoCodeIsEverLoggedOrTold) {
	TestWorld world;
	world.open();
	std::vector<std::string> secrets{world.right_code(), TestWorld::wrong_code(), "ABCD-EFGH-JKMN"};
	world.typed = secrets;
	for (std::size_t i = 0; i < secrets.size(); ++i)
		static_cast<void>(authenticate(kAssist, world));
	secrets.emplace_back(world.code.canonical());
	for (const auto& secret : secrets) {
		EXPECT_FALSE(world.logged(secret));
		for (const auto& sentence : world.told)
			EXPECT_EQ(sentence.find(secret), std::string::npos);
	}
}

TEST(PamAccount, AnOpenWindowAndAGoodConfigurationLetTheDevicesAccountIn) {
	TestWorld world;
	EXPECT_EQ(account(kAssist, world), Decision::closed);
	ASSERT_EQ(world.told.size(), 1U);
	EXPECT_TRUE(world.told.front().starts_with("The assistance window is closed. (attempt "))
		<< world.told.front();
	EXPECT_TRUE(world.logged("RASSIST_ID=" + Connection::of(getpid()).id->str()))
		<< "and the journal has it under that id";
	world.open();
	EXPECT_EQ(account(kAssist, world), Decision::allowed);
	world.configure("[device]\nbad = 1\n");
	EXPECT_EQ(account(kAssist, world), Decision::denied);
	world.configure("[device]\n");
	ASSERT_EQ(chmod(world.paths().window().c_str(), 0666), 0);
	EXPECT_EQ(account(kAssist, world), Decision::denied);
}

TEST(PamAccount, TheRelaysAccountsNeedAGoodConfiguration) {
	for (const Account who : {Account::device, Account::tunnel, Account::support}) {
		TestWorld world;
		EXPECT_EQ(account({who, {}, false, ""}, world), Decision::allowed);
		world.configure("[relay]\nname = relay\n", 0666);
		EXPECT_EQ(account({who, {}, false, ""}, world), Decision::denied);
		EXPECT_TRUE(world.logged("rassist.conf"));
	}
}

TEST(PamAccount, SupportComesFromWhereItMay) {
	struct Case {
		const char* list;
		const char* from;
		Decision decision;
	};
	for (const Case& c : {Case{"any", "203.0.113.20 5022", Decision::allowed},
			 Case{"203.0.113.0/24", "203.0.113.20 5022", Decision::allowed},
			 Case{"203.0.113.0/24", "198.51.100.1 5022", Decision::denied},
			 Case{"203.0.113.0/24", "2001:db8::20 5022", Decision::denied},
			 Case{"203.0.113.0/24, 2001:db8::/64", "2001:db8::20 5022", Decision::allowed},
			 Case{"203.0.113.0/24", "::ffff:203.0.113.20 5022", Decision::allowed},
			 Case{"203.0.113.0/24", "unknown", Decision::denied},
			 Case{"203.0.113.0/24", "tunnel", Decision::denied},
			 Case{"everywhere", "203.0.113.20 5022", Decision::denied}}) {
		TestWorld world;
		world.configure("[relay]\nsupport-from = " + std::string(c.list) + "\n");
		EXPECT_EQ(account({Account::support, {}, false, c.from}, world), c.decision)
			<< c.list << " " << c.from;
		EXPECT_EQ(world.logged(message::kLoginRefused), c.decision == Decision::denied)
			<< c.list << " " << c.from;
	}
}

TEST(PamAccount, WhoeverMayNotComeFromThereIsToldAndTheJournalToo) {
	TestWorld world;
	world.configure("[relay]\nsupport-from = 203.0.113.0/24\n");
	EXPECT_EQ(account({Account::support, {}, false, "198.51.100.1 5022"}, world), Decision::denied);
	const std::string reason =
		"support may not come from 198.51.100.1 (support-from in rassist.conf)";
	ASSERT_EQ(world.told.size(), 1U);
	EXPECT_NE(world.told[0].find(reason), std::string::npos) << world.told[0];
	EXPECT_TRUE(
		world.logged("RASSIST_REASON=" + reason) && world.logged("RASSIST_FROM=198.51.100.1 5022"));
}

TEST(PamAccount, DevicesComeFromAnywhere) {
	TestWorld world;
	world.configure("[relay]\nsupport-from = 203.0.113.0/24\n");
	EXPECT_EQ(account({Account::device, {}, false, "198.51.100.1 5022"}, world), Decision::allowed);
}

}    // namespace
}    // namespace rassist::pam
