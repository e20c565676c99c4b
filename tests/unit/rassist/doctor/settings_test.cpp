#include "common/base/parse_network.hpp"
#include "common/base/paths.hpp"
#include "rassist/doctor/settings.hpp"

#include <gtest/gtest.h>

namespace rassist::cli::doctor {
namespace {

/// The settings that are wanted, as sshd would print them.
Settings as_wanted(std::string_view account) {
	Settings settings;
	for (const WantedSetting& one : list_wanted_settings(account, "/x/authkeys"))
		for (const std::string& value : one.values)
			settings.emplace(one.keyword, value);
	return settings;
}

TEST(DoctorSettings, ADoorAsItMustBeHasNoDifferences) {
	for (const char* account : {kAssistAccount, kDeviceAccount, kTunnelAccount, kSupportAccount}) {
		EXPECT_TRUE(
			find_differences(as_wanted(account), list_wanted_settings(account, "/x/authkeys"))
				.empty())
			<< account;
	}
	EXPECT_FALSE(find_differences(
		as_wanted(kTunnelAccount), list_wanted_settings(kSupportAccount, "/x/authkeys"))
					 .empty());
}

TEST(DoctorSettings, EachOneThatIsOtherwiseIsNamed) {
	for (const WantedSetting& one : list_wanted_settings(kTunnelAccount, "/x/authkeys")) {
		Settings settings = as_wanted(kTunnelAccount);
		settings.erase(one.keyword);
		settings.emplace(one.keyword, "other");
		const auto found =
			find_differences(settings, list_wanted_settings(kTunnelAccount, "/x/authkeys"));
		ASSERT_EQ(found.size(), 1U) << one.keyword;
		EXPECT_EQ(found[0].keyword, one.keyword);
		EXPECT_EQ(found[0].is, "other");
	}
}

TEST(DoctorSettings, OneAccountMoreIsOneTooMany) {
	Settings settings = as_wanted(kSupportAccount);
	settings.emplace("allowusers", "root");
	const auto found =
		find_differences(settings, list_wanted_settings(kSupportAccount, "/x/authkeys"));
	ASSERT_EQ(found.size(), 1U);
	EXPECT_EQ(found[0].is, "rassist-device, rassist-support, rassist-tunnel, root");
	settings.erase("allowusers");
	EXPECT_EQ(
		find_differences(settings, list_wanted_settings(kSupportAccount, "/x/authkeys")).at(0).is,
		"");
}

TEST(DoctorSettings, AreReadAsSshdPrintsThem) {
	const Settings settings =
		parse_settings("port 443\nport 2222\nauthorizedkeyscommand /x/authkeys %u %t\nlonely\n");
	EXPECT_EQ(settings.count("port"), 2U);
	EXPECT_EQ(settings.find("authorizedkeyscommand")->second, "/x/authkeys %u %t");
	EXPECT_EQ(settings.count("lonely"), 0U);
}

TEST(DoctorSettings, SayWhereTheDoorListens) {
	const Settings settings = parse_settings(
		"port 443\nlistenaddress [::]:443\nlistenaddress 0.0.0.0:443\naddressfamily any\n");
	EXPECT_EQ(
		list_listen_addresses(settings), (std::vector<HostPort>{{"::", 443}, {"0.0.0.0", 443}}));
	EXPECT_TRUE(list_listen_addresses({}).empty());
}

TEST(DoctorSettings, SayWhichListsLeaveOurKeysOut) {
	EXPECT_TRUE(find_lists_without_our_keys(
		parse_settings(
			"hostkeyalgorithms ssh-ed25519\npubkeyacceptedalgorithms rsa-sha2-512,ssh-ed25519,a\n"))
					.empty());
	EXPECT_EQ(
		find_lists_without_our_keys(parse_settings("hostkeyalgorithms "
												   "rsa-sha2-512,ssh-ed25519-cert-v01@openssh."
												   "com\npubkeyacceptedalgorithms ssh-ed25519\n")),
		std::vector<std::string>{"hostkeyalgorithms"});
	EXPECT_EQ(find_lists_without_our_keys(
				  parse_settings("hostkeyalgorithms ssh-ed25519\npubkeyacceptedalgorithms "
								 "sk-ssh-ed25519@openssh.com\n")),
		std::vector<std::string>{"pubkeyacceptedalgorithms"});
	EXPECT_TRUE(find_lists_without_our_keys({}).empty());
}

}    // namespace
}    // namespace rassist::cli::doctor
