// device publish, and what other verbs show of it.
#include "tests/unit/rassist/relay/relay_world.hpp"

#include "common/records/publication.hpp"

#include <gtest/gtest.h>

#include <sysexits.h>

namespace rassist::cli::test {
namespace {

class CliPublish : public testing::Test {
protected:
	CliPublish() {
		make(world.paths.published());
		make(world.paths.guard_run);
		world.add_device("sn123");
	}
	/// As a guard that is loaded.
	void guard(const Guarding& guarding) {
		spill(world.paths.guarding(), format_guarding(guarding));
		lock_ =
			UniqueFd(::open(world.paths.guard_lock().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
		struct flock lock {};
		lock.l_type = F_WRLCK;
		ASSERT_EQ(::fcntl(lock_.get(), F_OFD_SETLK, &lock), 0);
	}
	[[nodiscard]] std::map<Service, int> ports() const {
		const auto found = find_publication(world.paths, *Serial::parse("sn123"), geteuid());
		return found.found() ? found->ports : std::map<Service, int>();
	}

	RelayWorld world;

private:
	UniqueFd lock_;
};

const Guarding kGuarding{{"203.0.113.10", "2001:db8::10"}, {20000, 20009}, {}};

TEST_F(CliPublish, GivesEachServiceAPortAndSaysHowToGetThere) {
	guard(kGuarding);
	ASSERT_EQ(world.run({"device", "publish", "sn123", "http", "ssh"}), EX_OK) << world.err.str();
	EXPECT_EQ(ports(), (std::map<Service, int>{{Service::http, 20000}, {Service::ssh, 20001}}));
	EXPECT_TRUE(world.says("http://203.0.113.10:20000/"));
	EXPECT_TRUE(world.says("ssh -p 20001 rassist@2001:db8::10"));
	ASSERT_EQ(world.run({"device", "list", "--json"}), EX_OK);
	EXPECT_TRUE(world.says("\"ssh\": 20001"));
	ASSERT_EQ(world.run({"device", "show", "sn123"}), EX_OK);
	EXPECT_TRUE(world.says("ssh=203.0.113.10:20001 nobody listens there"));
	ASSERT_EQ(world.run({"device", "publish", "sn123", "--none"}), EX_OK);
	EXPECT_TRUE(ports().empty());
}

TEST_F(CliPublish, RefusesWithoutTheGuard) {
	EXPECT_EQ(world.run({"device", "publish", "sn123", "ssh"}), EX_UNAVAILABLE);
	EXPECT_TRUE(world.complains("publishing is refused: the relay's guard rules are not loaded"));
	EXPECT_TRUE(ports().empty());
}

TEST_F(CliPublish, RefusesWherePublishingIsOff) {
	guard({{}, {20000, 20009}, "for a test"});
	EXPECT_EQ(world.run({"device", "publish", "sn123", "ssh"}), EX_CONFIG);
	EXPECT_TRUE(world.complains("publishing is off on this relay: for a test"));
	EXPECT_TRUE(ports().empty());
}

TEST_F(CliPublish, WantsToBeToldWhat) {
	guard(kGuarding);
	for (const std::vector<std::string>& words :
		{std::vector<std::string>{"device", "publish", "sn123"},
			{"device", "publish", "sn123", "ssh", "--none"}, {"device", "publish", "sn123", "ftp"},
			{"device", "publish"}})
		EXPECT_EQ(world.run(words), EX_USAGE) << words.back();
	EXPECT_NE(world.run({"device", "publish", "sn999", "ssh"}), EX_OK);
}

TEST_F(CliPublish, AChangeTakesTheTunnelOfBeforeAway) {
	guard(kGuarding);
	const PublicKey key = sample_key(1);
	world.grant(Role::tunnel, "sn123", key);
	auto login = world.login(Role::tunnel, "sn123", key);
	ASSERT_EQ(world.run({"device", "publish", "sn123", "ssh"}), EX_OK) << world.err.str();
	EXPECT_FALSE(login.lives());
	EXPECT_FALSE(world.has_grant(Role::tunnel, key));
	world.grant(Role::tunnel, "sn123", key);
	auto next = world.login(Role::tunnel, "sn123", key);
	ASSERT_EQ(world.run({"device", "publish", "sn123", "ssh"}), EX_OK);
	EXPECT_TRUE(next.lives()) << "nothing changed";
	EXPECT_TRUE(world.has_grant(Role::tunnel, key));
}

TEST_F(CliPublish, RemovingADeviceGivesItsPortsBack) {
	guard(kGuarding);
	ASSERT_EQ(world.run({"device", "publish", "sn123", "ssh"}), EX_OK);
	ASSERT_EQ(world.run({"device", "remove", "sn123"}), EX_OK) << world.err.str();
	EXPECT_TRUE(ports().empty());
}

}    // namespace
}    // namespace rassist::cli::test
