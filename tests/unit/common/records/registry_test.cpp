#include "common/records/registry.hpp"

#include "common/base/lookup.hpp"
#include "common/base/parse_network.hpp"
#include "common/system/files.hpp"
#include "rassist/relay/registry_write.hpp"
#include "tests/unit/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <sys/file.h>

#include <string>
#include <vector>

namespace rassist {
namespace {

using test::contents;
using test::spill;

class Registry : public testing::Test {
protected:
	Registry() {
		test::make(paths.devices());
		test::make(paths.ready());
	}
	[[nodiscard]] static Serial serial(const char* text) { return *Serial::parse(text); }
	[[nodiscard]] static Device device(const char* name) {
		return {.serial = serial(name),
			.address = {},
			.groups = {*Name::parse("north"), *Name::parse("vip")},
			.note = "second floor; #3",
			.added = 1'790'000'000};
	}
	[[nodiscard]] Lookup<Device> find(const char* name) const {
		return find_device(paths, serial(name), me);
	}

	const test::TemporaryFolder folder;
	const uid_t me = geteuid();
	const Paths paths{.state = folder.path(), .run = folder.path()};
};

TEST_F(Registry, FindsWhatWasAdded) {
	const auto added = add_device(paths, device("sn123"));
	ASSERT_TRUE(added) << added.error().what;
	EXPECT_EQ(added->address, *make_device_address(1));
	const auto found = find("sn123");
	ASSERT_TRUE(found.found());
	EXPECT_EQ(found->address, added->address);
	EXPECT_EQ(found->groups, added->groups);
	EXPECT_EQ(found->note, added->note);
	EXPECT_EQ(found->added, added->added);
	EXPECT_FALSE(found->blocked);
	EXPECT_TRUE(find("sn124").absent());
}

TEST_F(Registry, TheAddressStandsOnALineOfItsOwn) {
	ASSERT_TRUE(add_device(paths, device("sn123")));
	EXPECT_NE(test::contents(paths.devices() + "/sn123")
				  .find("\naddress = " + *make_device_address(1) + "\n"),
		std::string::npos);
}

TEST_F(Registry, NoAddressIsEverGivenTwice) {
	EXPECT_EQ(add_device(paths, device("a"))->address, *make_device_address(1));
	EXPECT_EQ(add_device(paths, device("b"))->address, *make_device_address(2));
	ASSERT_TRUE(remove_device(paths, serial("b")));
	EXPECT_EQ(add_device(paths, device("c"))->address, *make_device_address(3));
	// the counter is lost with a backup that left dot files out
	ASSERT_EQ(unlink((paths.devices() + "/.next").c_str()), 0);
	ASSERT_TRUE(remove_device(paths, serial("a")));
	EXPECT_EQ(add_device(paths, device("d"))->address, *make_device_address(4));
}

TEST_F(Registry, ASerialIsTakenOnce) {
	ASSERT_TRUE(add_device(paths, device("sn123")));
	EXPECT_EQ(add_device(paths, device("sn123")).error().code, Fault::exists);
	EXPECT_EQ(add_device(paths, device("sn124"))->address, *make_device_address(2));
}

TEST_F(Registry, ChangesOnlyWhatIsThere) {
	const auto added = *add_device(paths, device("sn123"));
	const auto block = [](Device one) {
		one.blocked = true;
		one.groups.clear();
		one.note.clear();
		return one;
	};
	const auto change = change_device(paths, added.serial, block);
	ASSERT_TRUE(change);
	EXPECT_TRUE(!change->former.blocked && change->device.blocked);
	EXPECT_TRUE(find("sn123")->blocked);
	EXPECT_TRUE(find("sn123")->groups.empty());
	ASSERT_TRUE(remove_device(paths, added.serial));
	EXPECT_TRUE(find("sn123").absent());
	EXPECT_EQ(change_device(paths, added.serial, block).error().code, Fault::not_found);
	EXPECT_TRUE(find("sn123").absent());
	EXPECT_TRUE(remove_device(paths, added.serial));
}

TEST_F(Registry, AChangeIsMadeUnderTheLockAndAnErrorChangesNothing) {
	const auto added = *add_device(paths, device("sn123"));
	const std::string text = contents(paths.devices() + "/sn123");
	const auto refused = change_device(paths, added.serial, [&](Device one) -> Result<Device> {
		EXPECT_EQ(
			FileLock::take(*Folder::open(paths.devices()), ".lock", 0).error().code, Fault::busy);
		one.blocked = true;
		return Error{Fault::invalid, "not today"};
	});
	EXPECT_EQ(refused.error().what, "not today");
	for (const auto& [serial, address] :
		{std::pair("sn124", added.address), std::pair("sn123", *make_device_address(7))}) {
		const auto another = [&](Device one) {
			one.serial = *Serial::parse(serial);
			one.address = address;
			return one;
		};
		EXPECT_EQ(change_device(paths, added.serial, another).error().code, Fault::internal)
			<< serial;
	}
	EXPECT_EQ(contents(paths.devices() + "/sn123"), text);
}

TEST_F(Registry, WritesNothingThatIsNotBelievedAfterwards) {
	auto wrong = device("sn123");
	for (const std::string& note : {std::string(121, 'n'), std::string("a\nblocked = no"),
			 std::string("a ; b"), std::string(";"), std::string(" a"), std::string("a\0", 2)}) {
		wrong.note = note;
		EXPECT_EQ(add_device(paths, wrong).error().code, Fault::invalid) << note;
	}
	EXPECT_TRUE(find("sn123").absent());
	const auto added = *add_device(paths, device("sn123"));
	EXPECT_FALSE(change_device(paths, added.serial, [](Device one) {
		one.address = "127.0.0.1";
		return one;
	}));
	EXPECT_EQ(find("sn123")->address, *make_device_address(1));
}

TEST_F(Registry, RefusesACounterThatIsNone) {
	for (const char* text : {"", "0", "x", "-1", "99999999999", "1 2"}) {
		spill(paths.devices() + "/.next", text);
		EXPECT_FALSE(add_device(paths, device("sn123"))) << text;
	}
	spill(paths.devices() + "/.next", "4194304");    // past 127.127.255.255
	EXPECT_FALSE(add_device(paths, device("sn123")));
}

TEST_F(Registry, RefusesARecordItCannotBelieve) {
	const std::string path = paths.devices() + "/sn123";
	auto good = device("sn123");
	good.address = *make_device_address(5);
	const std::string text = format_device(good);
	struct Case {
		std::string from;
		std::string to;
	};
	spill(path, text);
	ASSERT_TRUE(find("sn123").found());
	for (const auto& [from, to] :
		{Case{"version = 1", "version = 2"}, Case{"serial = sn123", "serial = sn124"},
			Case{"serial = sn123\n", ""}, Case{"address = 127.64.0.5", "address = 127.0.0.1"},
			Case{"address = 127.64.0.5", "address = 127.64.0.5 127.64.0.6"},
			Case{"address = 127.64.0.5\n", ""}, Case{"blocked = no", "blocked = maybe"},
			Case{"blocked = no\n", ""}, Case{"groups = north vip", "groups = north,vip"},
			Case{"added = 1790000000", "added = today"}, Case{"added = 1790000000\n", ""},
			Case{"[device]", "[grant]"}, Case{"added = ", "unknown = 1\nadded = "},
			Case{"blocked = no", "blocked = yes\nblocked = no"}}) {
		std::string changed = text;
		ASSERT_NE(changed.find(from), std::string::npos) << from;
		changed.replace(changed.find(from), from.size(), to);
		spill(path, changed);
		EXPECT_TRUE(find("sn123").failed()) << changed;
	}
	spill(path, text, 0664);
	EXPECT_EQ(find("sn123").error().code, Fault::untrusted);
	spill(path, text);
	EXPECT_EQ(find_device(paths, serial("sn123"), me + 1).error().code, Fault::untrusted);
	ASSERT_EQ(chmod(paths.devices().c_str(), 0775), 0);
	EXPECT_EQ(find("sn123").error().code, Fault::untrusted);
	EXPECT_EQ(add_device(paths, device("sn125")).error().code, Fault::untrusted);
	EXPECT_EQ(remove_device(paths, serial("sn123")).error().code, Fault::untrusted);
}

TEST_F(Registry, WithoutItsFolderSaysNothingOfAnyDevice) {
	const Paths nowhere{.state = folder / "nowhere", .run = folder / "nowhere"};
	EXPECT_EQ(find_device(nowhere, serial("sn123"), me).error().code, Fault::unavailable);
	EXPECT_FALSE(is_tunnel_up(nowhere, serial("sn123")));
	EXPECT_EQ(add_device(nowhere, device("sn123")).error().code, Fault::not_found);
}

/// What `hold` does, on a file of its own or given back by the kernel.
UniqueFd held(const std::string& path) {
	UniqueFd file(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
	struct flock lock {};
	lock.l_type = F_WRLCK;
	lock.l_whence = SEEK_SET;
	EXPECT_EQ(fcntl(file.get(), F_OFD_SETLK, &lock), 0);
	return file;
}

TEST_F(Registry, ATunnelIsUpWhileItsLockIsHeld) {
	EXPECT_FALSE(is_tunnel_up(paths, serial("sn123")));
	auto lock = held(paths.ready() + "/sn123");
	EXPECT_TRUE(is_tunnel_up(paths, serial("sn123")));
	EXPECT_TRUE(is_tunnel_up(paths, serial("sn123")));    // looking takes nothing
	spill(paths.ready() + "/sn999", "");
	EXPECT_FALSE(is_tunnel_up(paths, serial("sn999")));
	lock.reset();
	EXPECT_FALSE(is_tunnel_up(paths, serial("sn123")));
}

TEST_F(Registry, SomethingElseUnderATunnelsNameIsNoTunnel) {
	// and open(2) must not wait for a writer
	ASSERT_EQ(mkfifo((paths.ready() + "/fifo").c_str(), 0644), 0);
	EXPECT_FALSE(is_tunnel_up(paths, serial("fifo")));
	const auto lock = held(folder / "elsewhere");
	ASSERT_EQ(symlink((folder / "elsewhere").c_str(), (paths.ready() + "/link").c_str()), 0);
	EXPECT_FALSE(is_tunnel_up(paths, serial("link")));
}

}    // namespace
}    // namespace rassist
