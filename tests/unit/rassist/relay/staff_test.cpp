// The relay's verbs about people: their keys, their rules, and who is cut when those change.
#include "common/base/parse_network.hpp"
#include "common/keys/digest.hpp"
#include "common/sessions/narrowing_mark.hpp"
#include "tests/unit/rassist/relay/relay_world.hpp"

#include <sysexits.h>

#include <optional>

namespace rassist::cli::test {
namespace {

using Words = std::vector<std::string>;

std::vector<Scope> scope(const std::vector<const char*>& words) {
	std::vector<Scope> parsed;
	for (const char* word : words)
		parsed.push_back(*Scope::parse(word));
	return parsed;
}

class CliStaff : public testing::Test {
protected:
	[[nodiscard]] std::string rules(int key) const {
		const auto grant = find_grant(
			grant_folder_of(Role::staff, world.paths), fingerprint_of(sample_key(key)), geteuid());
		if (grant.failed() || !grant.found())
			return "none";
		std::string text = grant->subject + ":";
		for (const Scope& one : grant->scope)
			text += " " + one.str();
		for (const Network& one : grant->from)
			text += " from " + one.str();
		return text;
	}
	int add(const std::string& name, int key, const Words& more) {
		Words words{"staff", "add", name, "--key", sample_key(key).str()};
		words.insert(words.end(), more.begin(), more.end());
		return world.run(words);
	}
	static std::string print(int key) { return fingerprint_of(sample_key(key)).str(); }

	RelayWorld world;
};

TEST_F(CliStaff, AddsAndListsPeople) {
	spill(world.folder / "sam.pub", "# sam's\n" + sample_key(1).str() + " sam@desk\n");
	ASSERT_EQ(world.run({"staff", "list"}), EX_OK);
	EXPECT_TRUE(world.says("Nobody may reach a device"));
	ASSERT_EQ(world.run({"staff", "add", "sam", "--key", world.folder / "sam.pub", "--devices",
				  "acme-*,@gold", "--from", "203.0.113.0/24", "--note", "day shift"}),
		EX_OK)
		<< world.err.str();
	EXPECT_TRUE(
		world.says("sam may reach acme-* @gold from 203.0.113.0/24 with key " + print(1) + "."));
	EXPECT_EQ(add("kim", 1, {"--devices", "*"}), EX_CANTCREAT);
	ASSERT_EQ(world.run({"staff", "list", "--json"}), EX_OK);
	const auto json = world.json();
	ASSERT_EQ(json_array_size(json.get()), 1U) << world.out.str();
	EXPECT_EQ(
		keys_of(json_array_get(json.get(), 0)), "name key fingerprint devices from note issued");
}

TEST_F(CliStaff, AFurtherKeyHasTheRulesOfTheOthersUnlessItIsGivenItsOwn) {
	EXPECT_EQ(add("sam", 1, {}), EX_USAGE) << "a first key needs rules";
	ASSERT_EQ(add("sam", 1, {"--devices", "sn*", "--from", "203.0.113.0/24"}), EX_OK);
	ASSERT_EQ(add("sam", 2, {}), EX_OK) << world.err.str();
	EXPECT_TRUE(world.says("1 other key of sam as before."));
	EXPECT_EQ(rules(2), "sam: sn* from 203.0.113.0/24");
	ASSERT_EQ(add("sam", 3, {"--devices", "acme-1"}), EX_OK);
	EXPECT_EQ(rules(3), "sam: acme-1") << "its own rules, whole";
	EXPECT_EQ(add("sam", 4, {}), EX_USAGE);
	EXPECT_TRUE(world.complains("have rules of their own each"));
	EXPECT_EQ(rules(4), "none");
}

TEST_F(CliStaff, ShowsAPersonWithAllKeysAndSessions) {
	ASSERT_EQ(add("sam", 1, {"--devices", "sn*", "--note", "day shift"}), EX_OK);
	ASSERT_EQ(add("sam", 2, {"--from", "2001:db8::/32"}), EX_OK);
	auto login = world.login(Role::staff, "sam", sample_key(2), 0, scope({"sn*"}));
	ASSERT_EQ(world.run({"staff", "show", "sam"}), EX_OK);
	for (const std::string& text : {print(1), print(2), std::string("Devices   sn*"),
			 std::string("From      anywhere"), std::string("From      2001:db8::/32"),
			 std::string("Note      day shift"), std::string("203.0.113.50 40000")})
		EXPECT_TRUE(world.says(text)) << text << "\n" << world.out.str();
	ASSERT_EQ(world.run({"staff", "show", "sam", "--json"}), EX_OK);
	const auto json = world.json();
	EXPECT_EQ(keys_of(json.get()), "name keys sessions");
	EXPECT_EQ(json_array_size(json_object_get(json.get(), "keys")), 2U);
	const auto* session = json_array_get(json_object_get(json.get(), "sessions"), 0);
	EXPECT_EQ(json_array_size(json_object_get(session, "scope")), 1U);
	EXPECT_EQ(world.run({"staff", "show", "kim"}), EX_NOINPUT);
}

TEST_F(CliStaff, SetsTheRulesOfAllKeysAndLeavesWhatIsNotNamed) {
	ASSERT_EQ(add("sam", 1, {"--devices", "sn*", "--from", "203.0.113.0/24"}), EX_OK);
	ASSERT_EQ(add("sam", 2, {"--devices", "acme-1"}), EX_OK);
	ASSERT_EQ(add("kim", 3, {"--devices", "*"}), EX_OK);
	ASSERT_EQ(world.run({"staff", "set", "sam", "--devices", "@gold,sn1"}), EX_OK)
		<< world.err.str();
	EXPECT_EQ(rules(1), "sam: @gold sn1 from 203.0.113.0/24");
	EXPECT_EQ(rules(2), "sam: @gold sn1");
	EXPECT_EQ(rules(3), "kim: *");
	ASSERT_EQ(world.run({"staff", "set", "sam", "--from", "any"}), EX_OK);
	EXPECT_EQ(rules(1), "sam: @gold sn1");
	EXPECT_EQ(world.run({"staff", "set", "sam"}), EX_USAGE);
	EXPECT_EQ(world.run({"staff", "set", "sam", "--devices", ","}), EX_USAGE);
	EXPECT_EQ(world.run({"staff", "set", "sam", "--from", "any,203.0.113.0/24"}), EX_USAGE);
	EXPECT_EQ(world.run({"staff", "set", "nobody", "--devices", "*"}), EX_NOINPUT);
	EXPECT_EQ(rules(1), "sam: @gold sn1");
}

TEST_F(CliStaff, FewerDevicesCutTheSessionsThatReachMoreAndMoreCutNobody) {
	ASSERT_EQ(add("sam", 1, {"--devices", "sn*"}), EX_OK);
	const RelayWorld::Service service(world);
	auto login = world.login(Role::staff, "sam", sample_key(1), 0, scope({"sn*"}));
	ASSERT_EQ(world.run({"staff", "set", "sam", "--devices", "sn*,acme-1"}), EX_OK);
	EXPECT_TRUE(world.says("0 sessions ended.")) << world.out.str();
	EXPECT_TRUE(login.lives());
	ASSERT_EQ(world.run({"staff", "set", "sam", "--devices", "sn1,acme-1"}), EX_OK);
	EXPECT_TRUE(world.says("1 session ended.")) << world.out.str();
	EXPECT_FALSE(login.lives());
	EXPECT_EQ(world.spooled(), 0U);
}

TEST_F(CliStaff, ALoginThatBeganBeforeItsKeyWasNarrowedIsMarked) {
	ASSERT_EQ(add("sam", 1, {"--devices", "sn*"}), EX_OK);
	ASSERT_EQ(world.run({"staff", "set", "sam", "--devices", "*"}), EX_OK);
	auto login = world.login(Role::staff, "sam", sample_key(1), 0, scope({"*"}));
	EXPECT_FALSE(*was_narrowed_since(world.paths, login.session, geteuid())) << "more is no mark";
	const RelayWorld::Service service(world);
	ASSERT_EQ(world.run({"staff", "set", "sam", "--devices", "sn1"}), EX_OK);
	EXPECT_TRUE(*was_narrowed_since(world.paths, login.session, geteuid()));
	login.session.key = print(2);
	EXPECT_FALSE(*was_narrowed_since(world.paths, login.session, geteuid())) << "another key's";
}

TEST_F(CliStaff, AddingAKeyAgainWithFewerDevicesCutsItsSessionsAlone) {
	ASSERT_EQ(add("sam", 1, {"--devices", "*"}), EX_OK);
	ASSERT_EQ(add("sam", 2, {"--devices", "*"}), EX_OK);
	const RelayWorld::Service service(world);
	auto same = world.login(Role::staff, "sam", sample_key(1), 0, scope({"*"}));
	auto other = world.login(Role::staff, "sam", sample_key(2), 0, scope({"*"}));
	ASSERT_EQ(add("sam", 1, {"--devices", "sn1"}), EX_OK);
	EXPECT_TRUE(world.says("1 session ended")) << world.out.str();
	EXPECT_FALSE(same.lives());
	EXPECT_TRUE(other.lives());
}

TEST_F(CliStaff, AnAddressThatIsNoLongerAllowedCuts) {
	ASSERT_EQ(add("sam", 1, {"--devices", "*"}), EX_OK);
	const RelayWorld::Service service(world);
	auto login = world.login(Role::staff, "sam", sample_key(1), 0, scope({"*"}));
	ASSERT_EQ(world.run({"staff", "set", "sam", "--from", "203.0.113.0/24"}), EX_OK);
	EXPECT_TRUE(login.lives());
	ASSERT_EQ(world.run({"staff", "set", "sam", "--from", "198.51.100.0/24"}), EX_OK);
	EXPECT_FALSE(login.lives());
}

TEST_F(CliStaff, RemovesOneKeyOrThePerson) {
	for (const int key : {1, 2, 3})
		ASSERT_EQ(add("sam", key, {"--devices", "*"}), EX_OK);
	ASSERT_EQ(add("kim", 4, {"--devices", "*"}), EX_OK);
	std::optional<RelayWorld::Service> service(std::in_place, world);
	auto first = world.login(Role::staff, "sam", sample_key(1), 0, scope({"*"}));
	auto second = world.login(Role::staff, "sam", sample_key(2), 0, scope({"*"}));
	EXPECT_EQ(world.run({"staff", "remove", "sam", "--key", print(4)}), EX_NOINPUT) << "another's";
	EXPECT_EQ(world.run({"staff", "remove", "sam", "--key", "SHA256:x"}), EX_USAGE);
	ASSERT_EQ(world.run({"staff", "remove", "sam", "--key", print(1)}), EX_OK) << world.err.str();
	EXPECT_TRUE(world.says("Removed 1 key of sam; 1 session ended."));
	EXPECT_FALSE(first.lives());
	EXPECT_TRUE(second.lives());
	// one that still looks at everybody else could end the second before it is counted
	service.reset();
	service.emplace(world);
	ASSERT_EQ(world.run({"staff", "remove", "sam"}), EX_OK);
	EXPECT_TRUE(world.says("Removed 2 keys of sam; 1 session ended."));
	EXPECT_FALSE(second.lives());
	EXPECT_EQ(world.run({"staff", "remove", "sam"}), EX_NOINPUT);
	EXPECT_EQ(rules(4), "kim: *");
}

TEST_F(CliStaff, WhereNobodyWorksTheSpoolOffItSaysSoAndTheRecordIsChangedAllTheSame) {
	ASSERT_EQ(add("sam", 1, {"--devices", "*"}), EX_OK);
	auto login = world.login(Role::staff, "sam", sample_key(1), 0, scope({"*"}));
	EXPECT_EQ(world.run({"staff", "remove", "sam"}), EX_UNAVAILABLE);
	EXPECT_TRUE(world.complains("removed 1 key") &&
				world.complains("1 live session not looked at yet") &&
				world.complains("rassist-enforce.path"))
		<< world.err.str();
	EXPECT_EQ(rules(1), "none");
	EXPECT_TRUE(login.lives());
}

TEST_F(CliStaff, RefusesStaffWithoutDevicesOrWithAWrongNetwork) {
	for (const Words& words : {Words{"--devices", ","}, Words{"--devices", "a b/c"},
			 Words{"--devices", "*", "--from", "203.0.113.1/24"},
			 Words{"--devices", "*", "--from", "somewhere"},
			 Words{"--devices", "*", "--note", "a\tb"}, Words{}})
		EXPECT_EQ(add("sam", 1, words), EX_USAGE) << world.out.str();
	EXPECT_EQ(rules(1), "none");
}

}    // namespace
}    // namespace rassist::cli::test
