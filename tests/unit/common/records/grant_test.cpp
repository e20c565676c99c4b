#include "common/records/grant.hpp"

#include "common/base/parse_network.hpp"
#include "tests/unit/sample_key.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rassist {
namespace {

using test::sample_key;
using test::sample_rsa_key;

Grant base(Role role, const std::string& subject, PublicKey key = sample_key()) {
	return {.role = role,
		.subject = subject,
		.key = std::move(key),
		.expires = {},
		.issued = 1'790'000'000,
		.window = {},
		.relay = {},
		.reach = {},
		.from = {},
		.scope = {},
		.note = {}};
}

Grant tunnel() {
	auto grant = base(Role::tunnel, "sn123");
	grant.expires = Deadline{1'790'003'600, {}};
	grant.window = *Id::parse("0123456789");
	grant.sequence = 7;
	grant.relay = "relay-1";
	return grant;
}

Grant assist() {
	auto grant = base(Role::assist, "sn123");
	grant.expires =
		Deadline{1'790'003'600, Deadline::Boot{4000, "3f1c7a1e-5d0b-4f0a-9a5b-e6a2c0d1e001"}};
	grant.window = *Id::parse("0123456789");
	grant.sequence = 7;
	grant.reach = {{"127.0.0.1", 80}, {"::1", 0}, {"*", 443}, {"*", 0}, {"localhost", 8080}};
	return grant;
}

Grant staff() {
	auto grant = base(Role::staff, "ann.smith", sample_rsa_key(4096));
	grant.from = {*Network::parse("203.0.113.0/24"), *Network::parse("2001:db8::/32")};
	grant.scope = {*Scope::parse("acme-*"), *Scope::parse("@north")};
	grant.note = "on call; #2 in the list";
	return grant;
}

void expect_round_trip(const Grant& grant) {
	const std::string text = format_grant(grant);
	const auto read = parse_grant(text, "r");
	ASSERT_TRUE(read) << read.error().what << "\n" << text;
	EXPECT_EQ(format_grant(*read), text);
	EXPECT_EQ(read->role, grant.role);
	EXPECT_EQ(read->subject, grant.subject);
	EXPECT_EQ(read->key, grant.key);
	EXPECT_EQ(read->issued, grant.issued);
	ASSERT_EQ(read->expires.has_value(), grant.expires.has_value());
	if (grant.expires) {
		EXPECT_EQ(read->expires->wall, grant.expires->wall);
		ASSERT_EQ(read->expires->boot.has_value(), grant.expires->boot.has_value());
		if (grant.expires->boot) {
			EXPECT_EQ(read->expires->boot->at, grant.expires->boot->at);
			EXPECT_EQ(read->expires->boot->id, grant.expires->boot->id);
		}
	}
	EXPECT_EQ(read->window, grant.window);
	EXPECT_EQ(read->sequence, grant.sequence);
	EXPECT_EQ(read->relay, grant.relay);
	EXPECT_EQ(read->superseded, grant.superseded);
	EXPECT_EQ(read->twin, grant.twin);
	EXPECT_EQ(read->reach, grant.reach);
	EXPECT_EQ(read->from, grant.from);
	EXPECT_EQ(read->note, grant.note);
	ASSERT_EQ(read->scope.size(), grant.scope.size());
	for (std::size_t i = 0; i < grant.scope.size(); ++i)
		EXPECT_EQ(read->scope[i].str(), grant.scope[i].str());
}

TEST(Grant, IsReadAsItWasWritten) {
	expect_round_trip(tunnel());
	auto two = tunnel();
	two.superseded = {*Id::parse("aaaaaaaaaa"), *Id::parse("bbbbbbbbbb")};
	two.twin = 1'790'000'100;
	expect_round_trip(two);
	expect_round_trip(assist());
	expect_round_trip(staff());
	expect_round_trip(base(Role::identity, "sn123"));
	auto activation = base(Role::activation, "sn123");
	activation.expires = Deadline{1'790'003'600, {}};
	expect_round_trip(activation);
}

TEST(Grant, HoldsKeysOfEveryLength) {
	for (const int bits : {2048, 3072, 4096, 8192, 16384})
		expect_round_trip(base(Role::identity, "sn123", sample_rsa_key(bits)));
}

/// The text with the line of this key replaced, or (empty) left out.
std::string with(const std::string& text, const std::string& key, const std::string& line) {
	const auto at = text.find("\n" + key + " = ");
	if (at == std::string::npos)
		return text + line + "\n";
	const auto end = text.find('\n', at + 1);
	return text.substr(0, at + 1) + (line.empty() ? "" : line + "\n") + text.substr(end + 1);
}

struct Change {
	std::string key;
	std::string line;
	std::string says;
};

void expect_refused(const Grant& grant, const std::vector<Change>& changes) {
	const std::string text = format_grant(grant);
	ASSERT_TRUE(parse_grant(text, "r")) << text;
	for (const auto& [key, line, says] : changes) {
		const auto read = parse_grant(with(text, key, line), "the-file");
		ASSERT_FALSE(read) << format_role(grant.role) << ": " << key << " → " << line;
		EXPECT_NE(read.error().what.find("the-file"), std::string::npos) << read.error().what;
		EXPECT_NE(read.error().what.find(says), std::string::npos) << read.error().what;
	}
}

TEST(Grant, RefusesWhatNoRoleCarries) {
	expect_refused(base(Role::identity, "sn123"),
		{
			{"version", "", "version"},
			{"version", "version = 2", "version"},
			{"role", "", "role"},
			{"role", "role = none", "role"},
			{"role", "role = root", "unknown role"},
			{"subject", "", "subject"},
			{"subject", "subject = ../etc/passwd", "subject"},
			{"issued", "", "issued"},
			{"issued", "issued = -1", "issued"},
			{"issued", "issued = soon", "issued"},
			{"issued", "issued = 99999999999999999999", "issued"},
			{"key-type", "", "key-type"},
			{"key-type", "key-type = ssh-rsa", "key"},
			{"key-type", "key-type = ssh-ed25519-cert-v01@openssh.com", "certificates"},
			{"key", "", "key"},
			{"key", "key = AAAA", "key"},
			{"other", "other = 1", "other"},
			{"subject", "subject = sn123\nsubject = sn124", "subject"},
		});
}

TEST(Grant, RefusesWhatItsRoleLacksOrDoesNotCarry) {
	expect_refused(tunnel(), {
								 {"expires", "", "expires"},
								 {"window", "", "window"},
								 {"window", "window = 01234", "window"},
								 {"sequence", "", "sequence"},
								 {"relay", "", "relay"},
								 {"relay", "relay = -x", "relay"},
								 {"expires-boot", "expires-boot = 5", "does not carry"},
								 {"boot-id", "boot-id = x", "does not carry"},
								 {"reach", "reach = *:*", "does not carry"},
								 {"from", "from = 0.0.0.0/0", "does not carry"},
								 {"scope", "scope = *", "does not carry"},
								 {"note", "note = x", "does not carry"},
								 {"superseded", "superseded = ../x", "is not an id"},
								 {"twin", "twin = soon", "twin"},
							 });
	expect_refused(assist(), {
								 {"expires", "", "expires"},
								 {"expires-boot", "", "expires-boot"},
								 {"boot-id", "", "boot-id"},
								 {"window", "", "window"},
								 {"superseded", "superseded = aaaaaaaaaa", "does not carry"},
								 {"twin", "twin = 1", "does not carry"},
								 {"relay", "relay = relay-1", "does not carry"},
								 {"scope", "scope = *", "does not carry"},
								 {"reach", "reach = localhost", "reach"},
								 {"reach", "reach = localhost:0", "reach"},
								 {"reach", "reach = localhost:65536", "reach"},
								 {"reach", "reach = *:http", "reach"},
								 {"reach", "reach = -x:*", "reach"},
								 {"reach", "reach = a\",permitopen=\"b:*", "reach"},
								 {"reach", "reach = :*", "reach"},
							 });
	expect_refused(staff(), {
								{"subject", "subject = Ann Smith", "subject"},
								{"from", "from = example.com", "from"},
								{"from", "from = 203.0.113.1/24", "from"},
								{"scope", "scope = a,b", "scope"},
								{"note", "note = " + std::string(121, 'n'), "note"},
								{"window", "window = 0123456789", "does not carry"},
							});
	expect_refused(
		base(Role::identity, "sn123"), {{"window", "window = 0123456789", "does not carry"},
										   {"relay", "relay = r", "does not carry"}});
}

TEST(Grant, ReadsOnPastALaterMinorVersion) {
	const std::string text = format_grant(base(Role::identity, "sn123"));
	const std::string later = with(text, "version", "version = 1.1");
	EXPECT_TRUE(parse_grant(with(later, "other", "other = 1"), "r"));
	EXPECT_FALSE(parse_grant(with(text, "other", "other = 1"), "r"));
	// what a role may not carry stays refused
	EXPECT_FALSE(parse_grant(with(later, "scope", "scope = *"), "r"));
}

TEST(Grant, RefusesATextThatIsNoRecord) {
	for (const std::string& text : {std::string(), std::string("\n"),
			 std::string("[device]\nversion = 1\n"), std::string("[grant]\n"),
			 std::string(1000, 'x'), std::string("[grant]\nversion = 1\0\n", 21),
			 format_grant(staff()) + "[more]\n", format_grant(staff()) + format_grant(staff())})
		EXPECT_FALSE(parse_grant(text, "r")) << text;
}

TEST(Role, HasANameEach) {
	for (const Role role :
		{Role::assist, Role::tunnel, Role::identity, Role::activation, Role::staff})
		EXPECT_EQ(*parse_role(format_role(role)), role);
	EXPECT_EQ(format_role(Role::none), "none");
	for (const char* word : {"", "none", "Staff", "staff "})
		EXPECT_FALSE(parse_role(word)) << word;
}

}    // namespace
}    // namespace rassist
