#include "rassist/relay/registry_import.hpp"

#include "common/admission/group_index.hpp"
#include "common/base/parse_network.hpp"
#include "common/system/files_write.hpp"
#include "rassist/relay/group_index_write.hpp"
#include "rassist/relay/registry_folder.hpp"
#include "rassist/relay/registry_write.hpp"
#include "tests/unit/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <set>
#include <string>
#include <vector>

namespace rassist {
namespace {

using test::contents;
using test::is_there;
using test::spill;

class Import : public testing::Test {
protected:
	Import() { test::make(paths.devices()); }
	[[nodiscard]] static Device device(
		const std::string& name, const std::vector<std::string>& groups = {}) {
		Device made{*Serial::parse(name), {}, false, {}, "note of " + name, 1};
		for (const std::string& group : groups)
			made.groups.push_back(*Name::parse(group));
		return made;
	}
	[[nodiscard]] RegistryImport begin(std::size_t count) const {
		auto import = RegistryImport::begin(paths, count);
		if (!import)
			throw std::runtime_error(import.error().what);
		return std::move(*import);
	}
	[[nodiscard]] std::set<std::string> registered() const {
		const auto names = Folder::open(paths.devices())->names();
		return {names->begin(), names->end()};
	}
	[[nodiscard]] std::string address_of(const std::string& name) const {
		return find_device(paths, *Serial::parse(name), me)->address;
	}
	/// The same as another process would, which is killed at that step of the commit.
	void killed_while_committing(int linked) const {
		const pid_t child = fork();
		if (child == 0) {
			auto import = begin(5);
			for (const char* name : {"a1", "a2", "a3", "a4", "a5"})
				if (!import.stage(device(name, {"gold"})))
					_exit(1);
			static_cast<void>(import.commit([&](std::size_t done) {
				if (done == static_cast<std::size_t>(linked))
					::raise(SIGKILL);
			}));
			_exit(0);
		}
		int status = 0;
		ASSERT_EQ(waitpid(child, &status, 0), child);
		ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << status;
	}

	const test::TemporaryFolder folder;
	const uid_t me = geteuid();
	const Paths paths{.state = folder.path(), .run = folder.path()};
};

TEST_F(Import, RegistersAllWithAddressesInARow) {
	ASSERT_TRUE(add_device(paths, device("a0")));
	auto import = begin(2);
	ASSERT_TRUE(import.stage(device("a1", {"gold", "north"})));
	ASSERT_TRUE(import.stage(device("a2")));
	EXPECT_EQ(registered(), (std::set<std::string>{"a0"})) << "nothing before the commit";
	std::size_t last = 0;
	ASSERT_TRUE(import.commit([&](std::size_t done) { last = done; }));
	EXPECT_EQ(last, 2U);
	EXPECT_EQ(registered(), (std::set<std::string>{"a0", "a1", "a2"}));
	EXPECT_EQ(address_of("a1"), *make_device_address(2));
	EXPECT_EQ(address_of("a2"), *make_device_address(3));
	EXPECT_TRUE(is_there(paths.groups() + "/gold/a1") && is_there(paths.groups() + "/north/a1"));
	EXPECT_FALSE(
		is_there(paths.devices() + "/.import") || is_there(paths.devices() + "/.imported"));
	EXPECT_EQ(add_device(paths, device("a3"))->address, *make_device_address(4));
}

TEST_F(Import, LeavesNothingWhereItIsNotCommitted) {
	{
		auto import = begin(2);
		ASSERT_TRUE(import.stage(device("a1")));
	}
	EXPECT_TRUE(registered().empty());
	EXPECT_FALSE(is_there(paths.devices() + "/.import"));
	EXPECT_EQ(add_device(paths, device("a0"))->address, *make_device_address(3))
		<< "an address that was reserved is not given again";
}

TEST_F(Import, IsTakenBackWhereOneIsRegisteredMeanwhile) {
	auto import = begin(3);
	for (const char* name : {"a1", "a2", "a3"})
		ASSERT_TRUE(import.stage(device(name)));
	ASSERT_TRUE(add_device(paths, device("a2"))) << "the registry is not locked meanwhile";
	EXPECT_EQ(import.commit([](std::size_t) {}).error().code, Fault::exists);
	{ const RegistryImport gone = std::move(import); }
	EXPECT_EQ(registered(), (std::set<std::string>{"a2"}));
	EXPECT_FALSE(is_there(paths.devices() + "/.import"));
}

TEST_F(Import, RefusesASerialThatCameBeforeARecordNobodyWouldReadAndOneTooMany) {
	auto import = begin(2);
	ASSERT_TRUE(import.stage(device("a1")));
	EXPECT_EQ(import.stage(device("a1")).error().code, Fault::exists);
	Device wrong = device("a2");
	wrong.note = "a ; b";
	EXPECT_EQ(import.stage(wrong).error().code, Fault::invalid);
	ASSERT_TRUE(import.stage(device("a3")));
	EXPECT_FALSE(import.stage(device("a4")));
}

TEST_F(Import, OneAtATimeAndAsManyAsThereAreAddresses) {
	const auto import = begin(1);
	EXPECT_EQ(RegistryImport::begin(paths, 1).error().code, Fault::busy);
	const test::TemporaryFolder elsewhere;
	const Paths other{.state = elsewhere.path(), .run = elsewhere.path()};
	test::make(other.devices());
	EXPECT_EQ(RegistryImport::begin(other, 4'194'303 + 1).error().code, Fault::too_large);
	EXPECT_TRUE(RegistryImport::begin(other, 4'194'303));
	EXPECT_FALSE(RegistryImport::begin(other, 1)) << "they are all reserved now";
}

TEST_F(Import, KilledAtAnyStepOfTheCommitIsTakenBackByTheNextWriter) {
	for (const int step : {1, 3, 5}) {
		killed_while_committing(step);
		ASSERT_EQ(registered().size(), static_cast<std::size_t>(step))
			<< "else this test shows nothing";
		ASSERT_TRUE(is_there(paths.devices() + "/.import"));
		ASSERT_TRUE(add_device(paths, device("b")));
		EXPECT_EQ(registered(), (std::set<std::string>{"b"}));
		EXPECT_FALSE(is_there(paths.devices() + "/.import"));
		ASSERT_TRUE(remove_device(paths, *Serial::parse("b")));
	}
}

TEST_F(Import, WhatAnotherWriterPutInTheMeantimeIsNotTakenBack) {
	killed_while_committing(5);
	// by hand, between the crash and the next writer
	spill(paths.devices() + "/new", contents(paths.devices() + "/a1"));
	ASSERT_EQ(rename((paths.devices() + "/new").c_str(), (paths.devices() + "/a1").c_str()), 0);
	ASSERT_TRUE(add_device(paths, device("b")));
	EXPECT_EQ(registered(), (std::set<std::string>{"a1", "b"}));
}

TEST_F(Import, ACommittedOneIsFinishedByTheNextWriter) {
	killed_while_committing(5);
	// what the commit does next
	ASSERT_EQ(
		rename((paths.devices() + "/.import").c_str(), (paths.devices() + "/.imported").c_str()),
		0);
	ASSERT_TRUE(add_device(paths, device("b")));
	EXPECT_EQ(registered(), (std::set<std::string>{"a1", "a2", "a3", "a4", "a5", "b"}));
	EXPECT_FALSE(is_there(paths.devices() + "/.imported"));
}

TEST_F(Import, ARunningOneIsNotTakenForInterrupted) {
	auto import = begin(1);
	ASSERT_TRUE(import.stage(device("a1")));
	ASSERT_TRUE(add_device(paths, device("b")));
	ASSERT_TRUE(import.commit([](std::size_t) {}));
	EXPECT_EQ(registered(), (std::set<std::string>{"a1", "b"}));
}

TEST_F(Import, TheIndexFollowsEveryChange) {
	const auto in = [&](const std::string& group, const std::string& name) {
		return is_there(paths.groups() + "/" + group + "/" + name);
	};
	const auto one = *add_device(paths, device("a1", {"gold", "north"}));
	EXPECT_TRUE(in("gold", "a1") && in("north", "a1"));
	EXPECT_TRUE(groups_are_whole(paths));
	ASSERT_TRUE(change_device(paths, one.serial, [](Device changed) {
		changed.groups = {*Name::parse("north"), *Name::parse("vip")};
		return changed;
	}));
	EXPECT_TRUE(!in("gold", "a1") && in("north", "a1") && in("vip", "a1"));
	EXPECT_FALSE(is_there(paths.groups() + "/gold")) << "an empty group is none";
	ASSERT_TRUE(remove_device(paths, one.serial));
	EXPECT_TRUE(!in("north", "a1") && !in("vip", "a1"));
}

TEST_F(Import, AnIndexThatIsNotWholeIsBuiltByTheNextWriter) {
	ASSERT_TRUE(add_device(paths, device("a1", {"gold"})));
	ASSERT_TRUE(remove_tree(paths.groups()));    // a backup that came without it
	spill(paths.devices() + "/a2", "garbage");
	ASSERT_TRUE(add_device(paths, device("a3", {"gold"})));
	EXPECT_TRUE(is_there(paths.groups() + "/gold/a1") && is_there(paths.groups() + "/gold/a3"));
	EXPECT_TRUE(groups_are_whole(paths));
	spill(paths.groups() + "/gold/stale", "");
	ASSERT_TRUE(mend_groups(paths));
	EXPECT_FALSE(is_there(paths.groups() + "/gold/stale"));
	EXPECT_TRUE(is_there(paths.groups() + "/gold/a1"));
}

}    // namespace
}    // namespace rassist
