// Two of root's commands at once: what one reads and writes is nothing that the other has taken
// away.
#include "common/keys/digest.hpp"
#include "common/system/files_write.hpp"
#include "tests/unit/against_lock.hpp"
#include "tests/unit/rassist/relay/relay_world.hpp"

#include <sysexits.h>

namespace rassist::cli::test {
namespace {

using Words = std::vector<std::string>;
using rassist::test::against_lock;
using rassist::test::Outcome;

class CliAtOnce : public testing::Test {
protected:
	Outcome run(
		const std::string& folder, const Words& words, const std::function<void()>& meanwhile) {
		return against_lock(
			*Folder::open(folder), ".lock", [&] { return world.run(words); }, meanwhile);
	}
	[[nodiscard]] std::string key_file() const {
		return world.paths.staff() + "/" + fingerprint_of(sample_key(1)).file_name();
	}
	RelayWorld world;
};

TEST_F(CliAtOnce, DeviceSetDoesNotUnblock) {
	world.add_device("sn1");
	const auto other =
		run(world.paths.devices(), {"device", "set", "sn1", "--note", "day shift"}, [&] {
			auto device = *find_device(world.paths, *Serial::parse("sn1"), geteuid());
			device.blocked = true;
			spill(world.paths.devices() + "/sn1", format_device(device));
		});
	EXPECT_TRUE(other.waited);
	EXPECT_EQ(other.status, EX_OK);
	const auto device = *find_device(world.paths, *Serial::parse("sn1"), geteuid());
	EXPECT_TRUE(device.blocked);
	EXPECT_EQ(device.note, "day shift");
}

TEST_F(CliAtOnce, StaffSetBringsNoKeyBack) {
	world.grant(Role::staff, "pat", sample_key(1));
	const auto other = run(world.paths.staff(), {"staff", "set", "pat", "--note", "x"},
		[&] { ASSERT_TRUE(remove_file(key_file())); });
	EXPECT_TRUE(other.waited);
	EXPECT_EQ(other.status, EX_NOINPUT);
	EXPECT_FALSE(is_there(key_file()));
}

TEST_F(CliAtOnce, StaffSetGivesNoRulesToAKeyThatIsAnothersByNow) {
	world.grant(Role::staff, "pat", sample_key(1));
	const auto other = run(world.paths.staff(), {"staff", "set", "pat", "--devices", "sn9"}, [&] {
		auto grant = *find_grant(
			grant_folder_of(Role::staff, world.paths), fingerprint_of(sample_key(1)), geteuid());
		grant.subject = "kim";
		spill(key_file(), format_grant(grant));
	});
	EXPECT_EQ(other.status, EX_NOINPUT);
	EXPECT_EQ(contents(key_file()).find("sn9"), std::string::npos);
}

TEST_F(CliAtOnce, WhoeverTakesAKeyAwayWaitsForWhoChangesIt) {
	const std::string print = fingerprint_of(sample_key(1)).str();
	for (const Words& words : {Words{"staff", "remove", "pat"},
			 Words{"staff", "remove", "pat", "--key", print}, Words{"revoke", "key", print}}) {
		world.grant(Role::staff, "pat", sample_key(1));
		const std::string text = contents(key_file());
		const auto other = run(world.paths.staff(), words, [&] { spill(key_file(), text); });
		EXPECT_TRUE(other.waited) << words[0] << " " << words[1];
		EXPECT_EQ(other.status, EX_OK) << words[0] << " " << words[1];
		EXPECT_FALSE(is_there(key_file())) << words[0] << " " << words[1];
	}
}

}    // namespace
}    // namespace rassist::cli::test
