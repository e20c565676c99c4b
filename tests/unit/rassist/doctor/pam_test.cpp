#include "rassist/doctor/pam.hpp"

#include <gtest/gtest.h>

namespace rassist::cli::doctor {
namespace {

std::vector<std::string> wrong(std::string_view text) {
	return find_wrong_in_pam(parse_pam(text), {"account"});
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

}    // namespace
}    // namespace rassist::cli::doctor
