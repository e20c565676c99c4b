#include "common/admission/open_in_scope.hpp"

#include "common/admission/group_index.hpp"
#include "common/records/taken_devices.hpp"
#include "common/system/files_write.hpp"
#include "rassist/relay/registry_write.hpp"
#include "tests/unit/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <string>
#include <vector>

namespace rassist {
namespace {

using test::is_there;
using test::spill;

/// A relay with devices, some of them open.
class OpenInScope : public testing::Test {
protected:
	OpenInScope() {
		for (const auto& path : {paths.devices(), paths.ready(), paths.taken()})
			test::make(path);
	}
	[[nodiscard]] static Serial serial(const std::string& text) { return *Serial::parse(text); }
	void device(const std::string& name, const std::vector<std::string>& groups = {},
		bool blocked = false) const {
		Device made{serial(name), {}, blocked, {}, {}, 1};
		for (const std::string& group : groups)
			made.groups.push_back(*Name::parse(group));
		const auto added = add_device(paths, made);
		ASSERT_TRUE(added) << added.error().what;
	}
	void open_tunnel(const std::string& name) {
		UniqueFd file(
			open((paths.ready() + "/" + name).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
		struct flock lock {};
		lock.l_type = F_WRLCK;
		ASSERT_EQ(fcntl(file.get(), F_OFD_SETLK, &lock), 0);
		held.push_back(std::move(file));
	}
	[[nodiscard]] std::string seen(const std::vector<std::string>& scope, std::size_t most = 1000,
		const std::vector<std::string>& first = {}) const {
		std::vector<Scope> scopes;
		for (const auto& one : scope)
			scopes.push_back(*Scope::parse(one));
		std::vector<Serial> taken;
		for (const auto& one : first)
			taken.push_back(serial(one));
		const auto devices = find_open_in_scope(paths, scopes, me, most, taken);
		if (!devices)
			return devices.error().what;
		std::string text;
		for (const Device& one : *devices)
			text += (text.empty() ? "" : " ") + one.serial.str();
		return text;
	}

	const test::TemporaryFolder folder;
	const uid_t me = geteuid();
	const Paths paths{.state = folder.path(), .run = folder.path()};
	std::vector<UniqueFd> held;
};

TEST_F(OpenInScope, IsWhatIsOpenRegisteredNotBlockedAndCovered) {
	device("a1", {"gold"});
	device("a2", {"gold", "north"});
	device("b1", {"north"});
	device("b2", {}, true);
	device("c1", {"gold"});
	for (const char* name : {"a1", "a2", "b1", "b2", "unregistered", "B1", "-"})
		open_tunnel(name);
	spill(paths.ready() + "/c1", "");    // its hold was killed
	EXPECT_EQ(seen({"*"}), "a1 a2 b1");
	EXPECT_EQ(seen({"b*", "a2"}), "a2 b1");
	EXPECT_EQ(seen({"@gold"}), "a1 a2");
	EXPECT_EQ(seen({"@gold", "@north", "a1"}), "a1 a2 b1");
	EXPECT_EQ(seen({"c1"}), "");
	EXPECT_EQ(seen({"b2"}), "");
	EXPECT_EQ(seen({"unregistered"}), "");
	EXPECT_EQ(seen({"@nobody"}), "");
	EXPECT_EQ(seen({}), "");
}

TEST_F(OpenInScope, TheRecordHasTheLastWordOnAGroup) {
	device("a1", {"gold"});
	device("a2", {"gold"});
	open_tunnel("a1");
	open_tunnel("a2");
	ASSERT_TRUE(is_there(paths.groups() + "/gold/a2"));
	auto changed = *find_device(paths, serial("a2"), me);
	changed.groups.clear();
	spill(paths.devices() + "/a2", format_device(changed));    // by hand: the index is behind
	EXPECT_EQ(seen({"@gold"}), "a1");
}

TEST_F(OpenInScope, WithoutAWholeIndexTheRecordsAreAskedAlone) {
	device("a1", {"gold"});
	device("a2", {"north"});
	open_tunnel("a1");
	open_tunnel("a2");
	ASSERT_EQ(unlink((paths.groups() + "/" + kWhole).c_str()), 0);
	ASSERT_TRUE(remove_tree(paths.groups() + "/gold"));
	EXPECT_EQ(seen({"@gold"}), "a1");
	spill(paths.groups() + "/" + kWhole, "");
	EXPECT_EQ(seen({"@gold"}), "") << "an index that says it is whole is believed to be";
	ASSERT_EQ(chmod(paths.groups().c_str(), 0777), 0);
	EXPECT_EQ(seen({"@gold"}), "a1") << "not one that others may write";
	ASSERT_TRUE(remove_tree(paths.groups()));
	EXPECT_EQ(seen({"@gold"}), "a1");
}

TEST_F(OpenInScope, LargeGroupsAreAskedForEachOpenDevice) {
	device("a1", {"gold"});
	device("a2", {"gold"});
	device("a3");
	open_tunnel("a1");
	open_tunnel("a3");
	for (int i = 0; i < 5000; ++i)
		spill(paths.groups() + "/gold/x" + std::to_string(i), "");
	EXPECT_EQ(seen({"@gold"}), "a1");
}

TEST_F(OpenInScope, WhatWasTakenComesFirstAsFarAsTheScopeGoes) {
	for (const char* name : {"a1", "a2", "a3", "b1"}) {
		device(name);
		open_tunnel(name);
	}
	device("a4");
	EXPECT_EQ(seen({"a*"}, 2), "a1 a2");
	EXPECT_EQ(seen({"a*"}, 2, {"a3"}), "a3 a1");
	EXPECT_EQ(seen({"a*"}, 3, {"b1", "a3", "a2", "a4", "nobody"}), "a3 a2 a1");
	EXPECT_EQ(seen({"a*"}, 1000, {"a3", "a1"}), "a3 a1 a2");
}

TEST_F(OpenInScope, ADamagedRecordIsThatDevicesTroubleAlone) {
	device("a1");
	device("a2");
	open_tunnel("a1");
	open_tunnel("a2");
	spill(paths.devices() + "/a1", "garbage");
	EXPECT_EQ(seen({"*"}), "a2");
	ASSERT_EQ(chmod(paths.ready().c_str(), 0755), 0);
}

TEST_F(OpenInScope, TakenIsShortAndTheLatestFirst) {
	std::vector<Serial> taken;
	for (int i = 0; i < 30; ++i)
		taken = put_latest_first(taken, serial("sn" + std::to_string(i)));
	taken = put_latest_first(taken, serial("sn25"));
	ASSERT_EQ(taken.size(), kTakenMost);
	EXPECT_EQ(taken[0], serial("sn25"));
	EXPECT_EQ(taken[1], serial("sn29"));
	EXPECT_EQ(taken.back(), serial("sn10"));
	spill(paths.taken() + "/sam", format_taken_devices(taken));
	EXPECT_EQ(read_taken_devices(paths, "sam"), taken);
	std::vector<Serial> longest(kTakenMost, serial(std::string(63, 'x')));
	EXPECT_EQ(*parse_taken_devices(format_taken_devices(longest), "x"), longest)
		<< "as long as they may be";
	EXPECT_EQ(*parse_taken_devices(format_taken_devices({}), "x"), std::vector<Serial>());
}

TEST_F(OpenInScope, ATakenRecordThatIsNotToBeReadIsNone) {
	EXPECT_TRUE(read_taken_devices(paths, "sam").empty());
	const std::string good = "[taken]\nversion = 1\nserials = sn1\n";
	for (const std::string& text : {std::string("garbage"), good + "more = 1\n",
			 std::string("[taken]\nversion = 1\nserials = ../x\n"),
			 std::string("[taken]\nversion = 1\nserials =") +
				 [] {
					 std::string many;
					 for (int i = 0; i < 21; ++i)
						 many += " sn" + std::to_string(i);
					 return many;
				 }() +
				 "\n",
			 good + std::string(5000, '#') + "\n"}) {
		spill(paths.taken() + "/sam", text);
		EXPECT_TRUE(read_taken_devices(paths, "sam").empty()) << text.substr(0, 80);
	}
	spill(paths.taken() + "/sam", good);
	EXPECT_EQ(read_taken_devices(paths, "sam").size(), 1U);
	ASSERT_EQ(chmod((paths.taken() + "/sam").c_str(), 0666), 0);
	EXPECT_TRUE(read_taken_devices(paths, "sam").empty());
	ASSERT_EQ(unlink((paths.taken() + "/sam").c_str()), 0);
	ASSERT_EQ(mkfifo((paths.taken() + "/sam").c_str(), 0644), 0);
	EXPECT_TRUE(read_taken_devices(paths, "sam").empty());
}

}    // namespace
}    // namespace rassist
