// The hosts line of nsswitch.conf.
#include "rassist/relay/nsswitch.hpp"

#include <gtest/gtest.h>

namespace rassist::cli::test {
namespace {

struct Shape {
	std::string before, after;
};

const std::vector<Shape>& shapes() {
	static const std::vector<Shape> all{
		{"hosts: files dns\n", "hosts: files rassist [NOTFOUND=return] dns\n"},
		{"hosts:          files dns\n", "hosts:          files rassist [NOTFOUND=return] dns\n"},
		{"hosts:\tfiles\tdns\n", "hosts:\tfiles\trassist [NOTFOUND=return] dns\n"},
		{"hosts:dns\n", "hosts:rassist [NOTFOUND=return] dns\n"},
		{"hosts: dns", "hosts: rassist [NOTFOUND=return] dns"},
		{"  hosts: dns files\n", "  hosts: rassist [NOTFOUND=return] dns files\n"},
		{"hosts: files dns   # as it should be\n",
			"hosts: files rassist [NOTFOUND=return] dns   # as it should be\n"},
		{"hosts: files mdns4_minimal [NOTFOUND=return] dns myhostname\n",
			"hosts: files mdns4_minimal [NOTFOUND=return] rassist [NOTFOUND=return] dns "
			"myhostname\n"},
		{"hosts: files myhostname resolve [!UNAVAIL=return] dns\n",
			"hosts: files myhostname rassist [NOTFOUND=return] resolve [!UNAVAIL=return] dns\n"},
		{"hosts: mymachines resolve[!UNAVAIL=return] files dns\n",
			"hosts: mymachines rassist [NOTFOUND=return] resolve[!UNAVAIL=return] files dns\n"},
		{"hosts: files\n", "hosts: files rassist [NOTFOUND=return]\n"},
		{"hosts: files  \n", "hosts: files rassist [NOTFOUND=return]  \n"},
		{"hosts: files # no dns here\n", "hosts: files rassist [NOTFOUND=return] # no dns here\n"},
		{"hosts: files [NOTFOUND=return dns]\n",
			"hosts: files [NOTFOUND=return dns] rassist [NOTFOUND=return]\n"},
		{"hosts:\n", "hosts: rassist [NOTFOUND=return]\n"},
		{"hosts: files dns\r\n", "hosts: files rassist [NOTFOUND=return] dns\r\n"},
		{"# hosts: files dns\npasswd: files systemd\n\nhosts:  files dns\nnetworks: files dns\n",
			"# hosts: files dns\npasswd: files systemd\n\nhosts:  files rassist [NOTFOUND=return] "
			"dns\nnetworks: files dns\n"},
	};
	return all;
}

TEST(CliNsswitch, PutsItBeforeResolveAndDnsAndChangesNothingElse) {
	for (const Shape& shape : shapes()) {
		const auto changed = add_rassist_service(shape.before);
		ASSERT_TRUE(changed) << shape.before;
		EXPECT_EQ(*changed, shape.after);
	}
}

TEST(CliNsswitch, ChangesNothingTheSecondTime) {
	for (const Shape& shape : shapes())
		EXPECT_EQ(*add_rassist_service(shape.after), shape.after);
}

TEST(CliNsswitch, UndoesToTheByte) {
	for (const Shape& shape : shapes()) {
		const auto undone = remove_rassist_service(shape.after);
		ASSERT_TRUE(undone) << shape.after;
		EXPECT_EQ(*undone, shape.before);
		EXPECT_EQ(*remove_rassist_service(shape.before), shape.before);
	}
}

TEST(CliNsswitch, TakesAnotherServiceForAnotherService) {
	EXPECT_EQ(*add_rassist_service("hosts: rassistant dns\n"),
		"hosts: rassistant rassist [NOTFOUND=return] dns\n");
	EXPECT_EQ(*remove_rassist_service("hosts: rassistant dns\n"), "hosts: rassistant dns\n");
	EXPECT_EQ(*add_rassist_service("hosts: files dns # rassist\n"),
		"hosts: files rassist [NOTFOUND=return] dns # rassist\n");
}

TEST(CliNsswitch, LeavesWhatAPersonWroteAndTakesItOutWhole) {
	for (const auto& [person, without] : std::vector<std::pair<std::string, std::string>>{
			 {"hosts: files rassist dns\n", "hosts: files dns\n"},
			 {"hosts: files rassist\n", "hosts: files\n"}}) {
		EXPECT_EQ(*add_rassist_service(person), person);
		EXPECT_EQ(*remove_rassist_service(person), without);
	}
}

TEST(CliNsswitch, MovesItWhereItStandsTooLate) {
	for (const auto& [late, right] : std::vector<std::pair<std::string, std::string>>{
			 {"hosts: files dns rassist\n", "hosts: files rassist [NOTFOUND=return] dns\n"},
			 {"hosts: files dns rassist [NOTFOUND=return] # ours\n",
				 "hosts: files rassist [NOTFOUND=return] dns # ours\n"},
			 {"hosts: files resolve [!UNAVAIL=return] rassist dns\n",
				 "hosts: files rassist [NOTFOUND=return] resolve [!UNAVAIL=return] dns\n"},
			 {"hosts: dns rassist files rassist\n",
				 "hosts: rassist [NOTFOUND=return] dns files\n"}}) {
		EXPECT_EQ(*add_rassist_service(late), right);
		EXPECT_EQ(*add_rassist_service(right), right);
	}
}

TEST(CliNsswitch, RefusesWhatItWouldHaveToGuess) {
	for (const auto edit : {add_rassist_service, remove_rassist_service}) {
		EXPECT_EQ(edit("passwd: files\n").error().code, Fault::not_found);
		EXPECT_EQ(edit("").error().code, Fault::not_found);
		EXPECT_EQ(edit("hosts: files\nhosts: dns\n").error().code, Fault::invalid);
	}
}

}    // namespace
}    // namespace rassist::cli::test
