// What the doctor makes of what others say. What he sees on real hosts is told by
// tests/lab/stories/90-doctor.sh.
#include "rassist/doctor/pam.hpp"
#include "rassist/doctor/settings.hpp"
#include "rassist/doctor/unit_states.hpp"
#include "rassist/doctor/versions.hpp"
#include "rassist/frame/ssh_failure.hpp"

#include "common/base/parse_network.hpp"
#include "common/base/paths.hpp"

#include <gtest/gtest.h>

namespace rassist::cli::doctor {
namespace {

TEST(DoctorVersions, AreReadFromWhatSshSays) {
	EXPECT_EQ(parse_openssh_version("OpenSSH_9.2p1 Debian-2+deb12u7, OpenSSL 3.0.17 1 Jul 2025"),
		(Version{9, 2}));
	EXPECT_EQ(parse_openssh_version("OpenSSH_10.0p2"), (Version{10, 0}));
	EXPECT_EQ(parse_openssh_version("unknown option -- V\nOpenSSH_8.7p1, OpenSSL 3.0.7 1 Nov "
							  "2022\nusage: sshd [-46DdeiqTt] …"),
		(Version{8, 7}))
		<< "sshd -V";
	for (const char* said : {"", "Dropbear v2022.83", "OpenSSH_", "OpenSSH_x.1", "OpenSSH_9"})
		EXPECT_FALSE(parse_openssh_version(said)) << said;
	EXPECT_FALSE(find_lack({8, 7}));
	EXPECT_FALSE(find_lack({10, 0}));
	EXPECT_TRUE(find_lack({8, 6}));
	EXPECT_TRUE(find_lack({7, 9}));
}

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
			find_differences(as_wanted(account), list_wanted_settings(account, "/x/authkeys")).empty())
			<< account;
	}
	EXPECT_FALSE(
		find_differences(as_wanted(kTunnelAccount), list_wanted_settings(kSupportAccount, "/x/authkeys"))
			.empty());
}

TEST(DoctorSettings, EachOneThatIsOtherwiseIsNamed) {
	for (const WantedSetting& one : list_wanted_settings(kTunnelAccount, "/x/authkeys")) {
		Settings settings = as_wanted(kTunnelAccount);
		settings.erase(one.keyword);
		settings.emplace(one.keyword, "other");
		const auto found = find_differences(settings, list_wanted_settings(kTunnelAccount, "/x/authkeys"));
		ASSERT_EQ(found.size(), 1U) << one.keyword;
		EXPECT_EQ(found[0].keyword, one.keyword);
		EXPECT_EQ(found[0].is, "other");
	}
}

TEST(DoctorSettings, OneAccountMoreIsOneTooMany) {
	Settings settings = as_wanted(kSupportAccount);
	settings.emplace("allowusers", "root");
	const auto found = find_differences(settings, list_wanted_settings(kSupportAccount, "/x/authkeys"));
	ASSERT_EQ(found.size(), 1U);
	EXPECT_EQ(found[0].is, "rassist-device, rassist-support, rassist-tunnel, root");
	settings.erase("allowusers");
	EXPECT_EQ(find_differences(settings, list_wanted_settings(kSupportAccount, "/x/authkeys")).at(0).is, "");
}

TEST(DoctorSettings, AreReadAsSshdPrintsThem) {
	const Settings settings =
		parse_settings("port 443\nport 2222\nauthorizedkeyscommand /x/authkeys %u %t\nlonely\n");
	EXPECT_EQ(settings.count("port"), 2U);
	EXPECT_EQ(settings.find("authorizedkeyscommand")->second, "/x/authkeys %u %t");
	EXPECT_EQ(settings.count("lonely"), 0U);
}

std::vector<std::string> wrong(std::string_view text) {
	return find_wrong_in_pam(parse_pam(text), {"account"});
}

TEST(DoctorSettings, SayWhereTheDoorListens) {
	const Settings settings = parse_settings(
		"port 443\nlistenaddress [::]:443\nlistenaddress 0.0.0.0:443\naddressfamily any\n");
	EXPECT_EQ(list_listen_addresses(settings), (std::vector<HostPort>{{"::", 443}, {"0.0.0.0", 443}}));
	EXPECT_TRUE(list_listen_addresses({}).empty());
}

TEST(DoctorSettings, SayWhichListsLeaveOurKeysOut) {
	EXPECT_TRUE(find_lists_without_our_keys(
		parse_settings(
			"hostkeyalgorithms ssh-ed25519\npubkeyacceptedalgorithms rsa-sha2-512,ssh-ed25519,a\n"))
					.empty());
	EXPECT_EQ(find_lists_without_our_keys(parse_settings("hostkeyalgorithms "
											  "rsa-sha2-512,ssh-ed25519-cert-v01@openssh."
											  "com\npubkeyacceptedalgorithms ssh-ed25519\n")),
		std::vector<std::string>{"hostkeyalgorithms"});
	EXPECT_EQ(
		find_lists_without_our_keys(parse_settings("hostkeyalgorithms ssh-ed25519\npubkeyacceptedalgorithms "
										"sk-ssh-ed25519@openssh.com\n")),
		std::vector<std::string>{"pubkeyacceptedalgorithms"});
	EXPECT_TRUE(find_lists_without_our_keys({}).empty());
}

TEST(DoctorPam, OursHasTheLastWord) {
	EXPECT_TRUE(wrong("account required pam_rassist.so\n").empty());
	EXPECT_TRUE(
		wrong("# a comment\n\n-ACCOUNT\trequisite\t/lib/security/pam_rassist.so debug # and more\n")
			.empty());
	EXPECT_TRUE(wrong("account required pam_time.so\naccount required \\\n  "
					  "pam_rassist.so\naccount sufficient pam_permit.so\n")
					.empty())
		<< "what comes after cannot let in";
	EXPECT_TRUE(wrong("account [success=ok ignore=ignore module_unknown=ignore default=bad] "
					  "pam_selinux.so\naccount required pam_rassist.so\n")
					.empty());
	EXPECT_TRUE(
		wrong("session sufficient pam_permit.so\naccount required pam_rassist.so\n").empty())
		<< "another type's lines";
}

TEST(DoctorPam, WhatCanLetInWithoutUsIsNamedWithItsLine) {
	EXPECT_EQ(
		wrong(""), std::vector<std::string>{"it has no line `account required pam_rassist.so`"});
	EXPECT_EQ(wrong("#account required pam_rassist.so\n").size(), 1U);
	EXPECT_EQ(wrong("account optional pam_rassist.so\n"),
		std::vector<std::string>{"line 1: account optional pam_rassist.so must be required"});
	for (const char* before :
		{"account sufficient pam_permit.so", "account include system-auth", "account substack x",
			"@include common-account", "account [success=1 default=ignore] pam_unix.so",
			"account [success = done  default = bad] x.so", "account [default=reset] x.so"}) {
		const auto found =
			wrong("\n" + std::string(before) + "\naccount required pam_rassist.so\n");
		ASSERT_EQ(found.size(), 1U) << before;
		EXPECT_TRUE(found[0].starts_with("line 2: ")) << found[0];
	}
}

TEST(DoctorUnits, ManyAreReadFromOneAnswer) {
	const auto states = parse_unit_states("Id=a.service\nLoadState=loaded\nActiveState="
										  "active\nUnitFileState=enabled\nNeedDaemonReload=no\n"
										  "\nId=b.path\nLoadState=masked\nActiveState="
										  "inactive\nUnitFileState=masked\nNeedDaemonReload=yes\n");
	ASSERT_EQ(states.size(), 2U);
	EXPECT_EQ(states.at("a.service").file, "enabled");
	EXPECT_FALSE(states.at("a.service").stale);
	EXPECT_EQ(states.at("b.path").load, "masked");
	EXPECT_TRUE(states.at("b.path").stale);
	EXPECT_TRUE(parse_unit_states("").empty());
}

TEST(DoctorReached, SshsWordsAreUnderstood) {
	EXPECT_EQ(classify_ssh_failure("rassist-device@relay: Permission denied (publickey)."), SshFailure::denied);
	EXPECT_EQ(classify_ssh_failure("No ED25519 host key is known for relay and you have requested strict "
					  "checking.\r\nHost key verification failed.\r\n"),
		SshFailure::not_pinned);
	EXPECT_EQ(classify_ssh_failure("@@@ WARNING @@@\nHost key verification failed.\r\n"), SshFailure::other_key);
	EXPECT_EQ(classify_ssh_failure("ssh: Could not resolve hostname relay: Name or service not known\r\n"),
		SshFailure::no_name);
	EXPECT_EQ(classify_ssh_failure("ssh: connect to host relay port 443: Connection refused\r\n"),
		SshFailure::not_reached);
	EXPECT_EQ(classify_ssh_failure("something new"), SshFailure::other);
	EXPECT_EQ(quote_last_line("one\r\ntwo\x1b[2J\r\n"), "two\\x1b[2J");
	EXPECT_EQ(quote_last_line(""), "");
}

}    // namespace
}    // namespace rassist::cli::doctor
