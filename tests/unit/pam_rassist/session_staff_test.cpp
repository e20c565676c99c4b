#include "pam_rassist/session_steps.hpp"

#include "common/base/parse_network.hpp"
#include "common/keys/digest.hpp"
#include "common/records/revoked_window.hpp"
#include "common/sessions/narrowing_mark.hpp"
#include "common/system/files_write.hpp"
#include "tests/unit/pam_rassist/session_samples.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <map>

namespace rassist::pam {
namespace {

TEST(PamSession, StaffIsRegisteredByName) {
	TestWorld world;
	Grant pat = grant(Role::staff, "pat");
	pat.scope = {*Scope::parse("sn*")};
	put(world, pat);
	EXPECT_EQ(open_session(by_key(Account::support), world), Decision::allowed);
	const auto live = sessions(world);
	ASSERT_EQ(live.size(), 1U);
	EXPECT_EQ(live[0].role, Role::staff);
	EXPECT_EQ(live[0].subject, "pat");
	EXPECT_EQ(live[0].from, "203.0.113.20 5022");
	EXPECT_TRUE(live[0].scope.size() == 1 && live[0].scope[0].str() == "sn*");
}

TEST(PamSession, StaffComesFromWhereEverybodyAndItselfMay) {
	struct Case {
		const char* everybodys;
		const char* own;
		const char* refused;    // nullptr: let in
	};
	for (const Case& c : {Case{"any", "203.0.113.20", nullptr},
			 Case{"any", "203.0.113.21", "this person may not come from 203.0.113.20"},
			 Case{"203.0.113.0/24", "203.0.113.20", nullptr},
			 Case{"203.0.113.0/24", "2001:db8::/32", "this person may not come from 203.0.113.20"},
			 Case{"203.0.113.21", "203.0.113.20", "support may not come from 203.0.113.20"},
			 Case{"some", "203.0.113.20", "\"some\" is not a network"}}) {
		TestWorld world;
		world.configure("[relay]\nsupport-from = " + std::string(c.everybodys) + "\n");
		Grant pat = grant(Role::staff, "pat");
		pat.from = {*Network::parse(c.own)};
		put(world, pat);
		EXPECT_EQ(open_session(by_key(Account::support), world),
			c.refused == nullptr ? Decision::allowed : Decision::denied)
			<< c.own;
		EXPECT_EQ(world.ended, c.refused == nullptr ? 0 : 1);
		EXPECT_EQ(sessions(world).size(), c.refused == nullptr ? 1U : 0U);
		EXPECT_TRUE(c.refused == nullptr || world.logged(c.refused)) << c.own;
		EXPECT_TRUE(world.logged("RASSIST_SUBJECT=pat")) << "the journal says who";
	}
}

TEST(PamSession, AListThatChangesInTheMiddleOfALoginLeavesNobodyIn) {
	for (const int when : {1, 2, 3}) {    // 3: it is registered by then
		TestWorld world;
		put(world, grant(Role::staff, "pat"));
		world.at_clock = [&](int call) {
			if (call == when)
				world.configure("[relay]\nsupport-from = 203.0.113.21\n");
		};
		EXPECT_EQ(open_session(by_key(Account::support), world), Decision::denied) << when;
		EXPECT_EQ(world.ended, 1) << when;
		EXPECT_TRUE(sessions(world).empty()) << when;
	}
}

TEST(PamSession, AScopeThatBecomesLessInTheMiddleOfALoginLeavesNobodyIn) {
	for (const std::string& name :
		{fingerprint_of(key()).file_name(), std::string("@gold"), std::string("@silver")}) {
		TestWorld world;
		Grant pat = grant(Role::staff, "pat");
		pat.scope = {*Scope::parse("@gold")};
		put(world, pat);
		// after the helper wrote sshd's list of devices: that was before all of this
		ASSERT_TRUE(write_file(world.paths().narrowed() + "/" + name, *format_narrowing_mark(),
			{0644, {}, {}, true, false})
						.ok());
		EXPECT_EQ(open_session(by_key(Account::support), world),
			name == "@silver" ? Decision::allowed : Decision::denied)
			<< name;
		EXPECT_EQ(sessions(world).size(), name == "@silver" ? 1U : 0U);
	}
}

TEST(PamSession, AMarkOfBeforeTheConnectionIsNoneOfItsAndOneThatIsNotBelievedForbids) {
	const std::string mark = "/" + fingerprint_of(key()).file_name();
	for (const auto& [text, decision] :
		{std::pair("[narrowed]\nversion = 1\nticks = 0\n", Decision::allowed),
			std::pair("garbage", Decision::denied)}) {
		TestWorld world;
		put(world, grant(Role::staff, "pat"));
		ASSERT_TRUE(
			write_file(world.paths().narrowed() + mark, text, {0644, {}, {}, true, false}).ok());
		EXPECT_EQ(open_session(by_key(Account::support), world), decision) << text;
	}
}

}    // namespace
}    // namespace rassist::pam
