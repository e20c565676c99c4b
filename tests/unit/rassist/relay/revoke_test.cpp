// revoke key, revoke window.
#include "common/keys/digest.hpp"
#include "common/records/revoked_window.hpp"
#include "common/system/files_write.hpp"
#include "tests/unit/rassist/relay/relay_world.hpp"

#include <sysexits.h>

namespace rassist::cli::test {
namespace {

class CliRevoke : public testing::Test {
protected:
	CliRevoke() { world.add_device("sn1"); }
	static std::string print(int key) { return fingerprint_of(sample_key(key)).str(); }
	[[nodiscard]] std::string record() const { return world.paths.revoked() + "/0123456789"; }
	RelayWorld world;
};

TEST_F(CliRevoke, APersonsKeyGoesWithItsSessionsAlone) {
	world.grant(Role::staff, "sam", sample_key(1));
	world.grant(Role::staff, "sam", sample_key(2));
	const RelayWorld::Service service(world);
	auto lost = world.login(Role::staff, "sam", sample_key(1));
	auto kept = world.login(Role::staff, "sam", sample_key(2));
	ASSERT_EQ(world.run({"revoke", "key", print(1)}), EX_OK) << world.err.str();
	EXPECT_TRUE(world.says("Revoked a key of sam; 1 connection cut.")) << world.out.str();
	EXPECT_FALSE(lost.lives() || world.has_grant(Role::staff, sample_key(1)));
	EXPECT_TRUE(kept.lives() && world.has_grant(Role::staff, sample_key(2)));
	EXPECT_EQ(world.run({"revoke", "key", print(1)}), EX_NOINPUT);
	EXPECT_EQ(world.run({"revoke", "key", "sam"}), EX_USAGE);
}

TEST_F(CliRevoke, AnIdentityGoesWithAllThatCameOfIt) {
	world.add_device("sn2");
	world.grant(Role::identity, "sn1", sample_key(1));
	world.grant(Role::tunnel, "sn1", sample_key(2));
	world.grant(Role::tunnel, "sn2", sample_key(4));
	const UniqueFd one = world.tunnel("sn1");
	const UniqueFd two = world.tunnel("sn2");
	const RelayWorld::Service service(world);
	auto question = world.login(Role::identity, "sn1", sample_key(1));
	auto tunnel = world.login(Role::tunnel, "sn1", sample_key(2), 20);
	auto others = world.login(Role::tunnel, "sn2", sample_key(4), 20);
	ASSERT_EQ(world.run({"revoke", "key", print(1)}), EX_OK) << world.err.str();
	EXPECT_TRUE(world.says("Revoked the identity key of sn1; 2 connections cut.") &&
				world.says("rassist device token sn1"))
		<< world.out.str();
	EXPECT_FALSE(question.lives() || tunnel.lives());
	EXPECT_FALSE(world.has_grant(Role::identity, sample_key(1)) ||
				 world.has_grant(Role::tunnel, sample_key(2)));
	EXPECT_TRUE(others.lives() && world.has_grant(Role::tunnel, sample_key(4)));
}

TEST_F(CliRevoke, AWindowGoesWithItsTunnelAndIsRemembered) {
	EXPECT_EQ(world.run({"revoke", "window", "sn1"}), EX_NOINPUT);
	world.grant(Role::tunnel, "sn1", sample_key(2));
	const UniqueFd up = world.tunnel("sn1");
	const RelayWorld::Service service(world);
	auto young = world.login(Role::tunnel, "sn1", sample_key(2));
	ASSERT_EQ(world.run({"revoke", "window", "sn1"}), EX_OK) << world.err.str();
	EXPECT_TRUE(world.says("Revoked window 0123456789 of sn1; 1 connection cut."))
		<< world.out.str();
	EXPECT_FALSE(young.lives() || world.has_grant(Role::tunnel, sample_key(2)));
	const auto clock = read_clocks();
	EXPECT_TRUE(*is_window_revoked(world.paths, *Id::parse("0123456789"), *clock, geteuid()));
	EXPECT_FALSE(*is_window_revoked(world.paths, *Id::parse("1111111111"), *clock, geteuid()));
}

TEST_F(CliRevoke, WhatForbidsAndCannotBeReadIsAnError) {
	const auto clock = read_clocks();
	const Id window = *Id::parse("0123456789");
	spill(record(), "garbage");
	EXPECT_FALSE(is_window_revoked(world.paths, window, *clock, geteuid()));
	spill(record(), format_revoked_window({window, *Serial::parse("sn1"), 1, clock->wall + 10}),
		0666);
	EXPECT_FALSE(is_window_revoked(world.paths, window, *clock, geteuid()))
		<< "others may write it";
	ASSERT_TRUE(remove_tree(world.paths.revoked()));
	EXPECT_FALSE(is_window_revoked(world.paths, window, *clock, geteuid())) << "no folder";
}

}    // namespace
}    // namespace rassist::cli::test
