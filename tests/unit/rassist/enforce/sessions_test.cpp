// sessions: the list, on a device.
#include "common/sessions/session.hpp"
#include "common/system/process.hpp"
#include "tests/unit/rassist/device/device_world.hpp"

#include <sysexits.h>

namespace rassist::cli::test {
namespace {

TEST_F(CliDevice, ListsSessionsAsTextAndJson) {
	EXPECT_EQ(world.run({"sessions"}), EX_OK);
	EXPECT_TRUE(says("Nobody is logged in."));
	EXPECT_EQ(world.run({"sessions", "--json"}), EX_OK);
	EXPECT_EQ(world.out.str(), "[]\n");
	Session session{.role = Role::assist,
		.subject = "sn123",
		.pid = getpid(),
		.started = *read_process_start(getpid()),
		.key = "typed code",
		.from = "tunnel",
		.since = 1'790'000'000,
		.window = Id::parse("0123456789").value()};
	ASSERT_TRUE(register_session(world.paths, session));
	EXPECT_EQ(world.run({"sessions"}), EX_OK);
	EXPECT_TRUE(says("assist  sn123"));
	ASSERT_EQ(world.run({"sessions", "--json"}), EX_OK);
	const auto json = world.json();
	ASSERT_EQ(json_array_size(json.get()), 1U) << world.out.str();
	EXPECT_EQ(
		keys_of(json_array_get(json.get(), 0)), "role subject number since key from pid window id");
}

}    // namespace
}    // namespace rassist::cli::test
