#include "authkeys_cmd/line.hpp"
#include "common/base/parse_network.hpp"
#include "tests/unit/authkeys_cmd/authkeys_samples.hpp"

#include <gtest/gtest.h>

#include <map>

namespace rassist::authkeys {
namespace {

TEST(AuthkeysLine, AssistAllowsAShellAndForwardsToWhatTheWindowReachesAlone) {
	const std::map<std::string, std::vector<HostPort>> table{
		{"restrict,pty", {}},
		{"restrict,pty,port-forwarding,permitopen=\"127.0.0.1:80\"", {{"127.0.0.1", 80}}},
		{"restrict,pty,port-forwarding,permitopen=\"127.0.0.1:*\",permitopen=\"[::1]:*\"",
			{{"127.0.0.1", 0}, {"::1", 0}}},
		{"restrict,pty,port-forwarding,permitopen=\"*:*\"", {{"*", 0}}},
		{"restrict,pty,port-forwarding,permitopen=\"nas.local:80\"", {{"NAS.local", 80}}},
	};
	for (const auto& [options, reach] : table) {
		Grant assist = grant(Role::assist, "sn123");
		assist.reach = reach;
		EXPECT_EQ(make_assist_line(assist).value(), options + ending());
	}
}

TEST(AuthkeysLine, AssistRefusesMorePlacesThanSshdReads) {
	Grant assist = grant(Role::assist, "sn123");
	assist.reach.assign(4096, {"127.0.0.1", 80});
	EXPECT_TRUE(make_assist_line(assist).ok());
	assist.reach.emplace_back(HostPort{"127.0.0.1", 81});
	EXPECT_EQ(make_assist_line(assist).error().code, Fault::too_large);
}

TEST(AuthkeysLine, TunnelListensOnItsOwnAddressAndRunsHold) {
	EXPECT_EQ(make_tunnel_line(grant(Role::tunnel, "sn123"), device("sn123"), {}, Paths()).value(),
		"restrict,port-forwarding,permitlisten=\"127.64.0.7:10022\",permitlisten=\"127.64.0.7:"
		"10088\","
		"command=\"exec /usr/libexec/rassist/hold sn123\"" +
			ending());
}

TEST(AuthkeysLine, TunnelListensWhereItsDeviceIsPublished) {
	const std::vector<PublishedPlace> published{
		{Service::ssh, "203.0.113.10", 20000}, {Service::http, "2001:db8::10", 20001}};
	EXPECT_EQ(
		make_tunnel_line(grant(Role::tunnel, "sn123"), device("sn123"), published, Paths()).value(),
		"restrict,port-forwarding,permitlisten=\"127.64.0.7:10022\",permitlisten=\"127.64.0.7:"
		"10088\","
		"permitlisten=\"203.0.113.10:20000\",permitlisten=\"[2001:db8::10]:20001\",command=\"exec "
		"/usr/libexec/rassist/hold sn123\"" +
			ending());
	EXPECT_FALSE(make_tunnel_line(grant(Role::tunnel, "sn123"), device("sn123"),
		{{Service::ssh, "203.0.113.10\"", 20000}}, Paths())
					 .ok());
}

TEST(AuthkeysLine, IdentityAndActivationRunEnrollAndNothingElse) {
	const Fingerprint print = fingerprint_of(key());
	EXPECT_EQ(make_enroll_line(grant(Role::identity, "sn123"), print, Paths()).value(),
		"restrict,command=\"exec /usr/libexec/rassist/enroll identity sn123\"" + ending());
	EXPECT_EQ(make_enroll_line(grant(Role::activation, "sn123"), print, Paths()).value(),
		"restrict,command=\"exec /usr/libexec/rassist/enroll activation sn123 " +
			print.file_name() + "\"" + ending());
}

TEST(AuthkeysLine, StaffReachesTheGivenDevicesAndRunsDesk) {
	Grant staff = grant(Role::staff, "pat");
	const Fingerprint print = fingerprint_of(key());
	EXPECT_EQ(make_staff_line(staff, print, {}, Paths()).value(), desk("restrict,") + ending());
	// pam_rassist judges where a person comes from: it can say so, sshd would refuse the key
	// without a word
	staff.from = {
		Network::parse("203.0.113.0/24").value(), Network::parse("2001:db8::/32").value()};
	EXPECT_EQ(make_staff_line(staff, print, {serial("sn1")}, Paths()).value(),
		"restrict,port-forwarding,permitopen=\"sn1.rassist:10022\",permitopen=\"sn1.rassist:"
		"10088\"," +
			desk("") + ending());
}

TEST(AuthkeysLine, StaffReachesAtMostAThousandDevices) {
	std::vector<Serial> many;
	for (int i = 0; i < 1001; ++i)
		many.push_back(serial("sn" + std::to_string(i)));
	const std::string line =
		make_staff_line(grant(Role::staff, "pat"), fingerprint_of(key()), many, Paths()).value();
	std::size_t permits = 0;
	for (std::size_t at = line.find("permitopen="); at != std::string::npos;
		 at = line.find("permitopen=", at + 1))
		++permits;
	EXPECT_EQ(permits, 2000U);
	EXPECT_NE(line.find("\"sn999.rassist:10088\""), std::string::npos);
	EXPECT_EQ(line.find("sn1000.rassist"), std::string::npos);
}

TEST(AuthkeysLine, NothingLeavesItsPlaceInTheLine) {
	for (const std::string bad :
		{"", "a\"b", "a b", "a\nb", "a\\b", "a;b", "$(id)", "`id`", "a,b", "a'b", "ä"}) {
		EXPECT_FALSE(make_tunnel_line(grant(Role::tunnel, bad), device("sn1"), {}, Paths()).ok())
			<< bad;
		EXPECT_FALSE(
			make_enroll_line(grant(Role::identity, bad), fingerprint_of(key()), Paths()).ok())
			<< bad;
		Device elsewhere = device("sn1");
		elsewhere.address = bad + "\"";
		EXPECT_FALSE(make_tunnel_line(grant(Role::tunnel, "sn1"), elsewhere, {}, Paths()).ok())
			<< bad;
		Grant assist = grant(Role::assist, "sn1");
		assist.reach = {{bad + " ", 80}};
		EXPECT_FALSE(make_assist_line(assist).ok()) << bad;
	}
}

TEST(AuthkeysLine, ALineIsMadeForItsRoleAlone) {
	EXPECT_FALSE(make_assist_line(grant(Role::tunnel, "sn1")).ok());
	EXPECT_FALSE(make_tunnel_line(grant(Role::identity, "sn1"), device("sn1"), {}, Paths()).ok());
	EXPECT_FALSE(make_enroll_line(grant(Role::staff, "pat"), fingerprint_of(key()), Paths()).ok());
	EXPECT_FALSE(
		make_staff_line(grant(Role::assist, "sn1"), fingerprint_of(key()), {}, Paths()).ok());
}

}    // namespace
}    // namespace rassist::authkeys
