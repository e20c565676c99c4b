#include "common/issuing/store_write.hpp"

#include "common/keys/digest.hpp"
#include "tests/unit/store_fixture.hpp"

#include <sys/wait.h>

#include <string>
#include <vector>

namespace rassist {
namespace {

using test::sample_key;
using test::spill;
using StoreWrite = test::StoreFixture;

constexpr uid_t kStranger = 12345;

TEST_F(StoreWrite, OneGrantForASubject) {
	for (const Role role : {Role::tunnel, Role::identity, Role::activation}) {
		ASSERT_TRUE(put(role, "sn123", sample_key(1)));
		ASSERT_TRUE(put(role, "sn124", sample_key(9)));
		ASSERT_TRUE(put(role, "sn123", sample_key(2)));
		EXPECT_EQ(found(role, sample_key(1)), "");
		EXPECT_EQ(found(role, sample_key(2)), "sn123");
		EXPECT_EQ(found_of(role, "sn123"), "sn123");
		EXPECT_EQ(find_grant_of(place(role), "sn123", me)->key, sample_key(2));
		EXPECT_EQ(find_grant_of(place(role), "sn124", me)->key, sample_key(9));
		EXPECT_EQ(found_of(role, "sn125"), "");
		EXPECT_EQ(count(role), 2U);
	}
}

TEST_F(StoreWrite, ManyKeysForOnePersonOfStaff) {
	ASSERT_TRUE(put(Role::staff, "ann", sample_key(1)));
	ASSERT_TRUE(put(Role::staff, "ann", sample_key(2)));
	ASSERT_TRUE(put(Role::staff, "bob", sample_key(3)));
	EXPECT_EQ(count(Role::staff), 3U);
	EXPECT_EQ(*remove_grants_of(place(Role::staff), "ann", me), 2);
	EXPECT_EQ(count(Role::staff), 1U);
	EXPECT_EQ(*remove_grants_of(place(Role::staff), "ann", me), 0);
}

TEST_F(StoreWrite, PuttingAgainReplacesTheRecord) {
	auto grant = grant_of(Role::tunnel, "sn123", sample_key());
	ASSERT_TRUE(put_grant(place(Role::tunnel), grant, false, me));
	grant.expires->wall += 3600;
	ASSERT_TRUE(put_grant(place(Role::tunnel), grant, false, me));
	EXPECT_EQ(find(Role::tunnel, sample_key())->expires->wall, grant.expires->wall);
	EXPECT_EQ(count(Role::tunnel), 1U);
}

TEST_F(StoreWrite, AKeyOfAnotherIsRefusedAndHarmsNobody) {
	for (const Role role : {Role::tunnel, Role::identity, Role::activation, Role::staff}) {
		ASSERT_TRUE(put(role, "sn123", sample_key(1)));
		ASSERT_TRUE(put(role, "sn666", sample_key(2)));
		const std::string before = test::contents(file(role, sample_key(1)));
		EXPECT_EQ(put(role, "sn666", sample_key(1)).error().code, Fault::exists);
		EXPECT_EQ(test::contents(file(role, sample_key(1))), before);
		EXPECT_EQ(found(role, sample_key(1)), "sn123");
		EXPECT_EQ(found(role, sample_key(2)), "sn666");
		if (role != Role::staff) {
			EXPECT_EQ(found_of(role, "sn123"), "sn123");
			EXPECT_EQ(found_of(role, "sn666"), "sn666");
		}
	}
}

TEST_F(StoreWrite, WritesNothingThatIsNotBelievedAfterwards) {
	auto grant = grant_of(Role::tunnel, "sn123", sample_key());
	grant.relay.clear();
	EXPECT_FALSE(put_grant(place(Role::tunnel), grant, false, me));
	EXPECT_FALSE(
		put_grant(place(Role::tunnel), grant_of(Role::identity, "sn123", sample_key()), false, me));
	auto person = grant_of(Role::staff, "ann", sample_key());
	person.note = "a\nscope = *";
	EXPECT_EQ(put_grant(place(Role::staff), person, false, me).error().code, Fault::invalid);
	EXPECT_FALSE(put(Role::identity, "../x", sample_key()));
	EXPECT_FALSE(put(Role::identity, "", sample_key()));
	EXPECT_EQ(count(Role::tunnel), 0U);
	EXPECT_EQ(count(Role::identity), 0U);
}

TEST_F(StoreWrite, ADamagedRecordIsNotOverwritten) {
	spill(file(Role::identity, sample_key()), "garbage");
	EXPECT_FALSE(put(Role::identity, "sn123", sample_key()));
	EXPECT_EQ(test::contents(file(Role::identity, sample_key())), "garbage");
	EXPECT_TRUE(put(Role::identity, "sn123", sample_key(2)));
}

TEST_F(StoreWrite, ANewGrantNeverTakesAwayAnothersRecord) {
	ASSERT_TRUE(put(Role::identity, "sn124", sample_key(2)));
	ASSERT_TRUE(put(Role::identity, "sn123", sample_key(1)));
	spill(paths.identities() + "/.subjects/sn123", fingerprint_of(sample_key(2)).file_name());
	ASSERT_TRUE(put(Role::identity, "sn123", sample_key(3)));
	EXPECT_EQ(found(Role::identity, sample_key(2)), "sn124");
}

TEST_F(StoreWrite, RemovesAllOfASubjectStraysIncluded) {
	ASSERT_TRUE(put(Role::identity, "sn123", sample_key(1)));
	ASSERT_TRUE(put(Role::identity, "sn124", sample_key(2)));
	// what a cut between the pointer and the old record's removal leaves
	spill(file(Role::identity, sample_key(3)),
		format_grant(grant_of(Role::identity, "sn123", sample_key(3))));
	EXPECT_EQ(*remove_grants_of(place(Role::identity), "sn123", me), 2);
	EXPECT_EQ(found_of(Role::identity, "sn123"), "");
	EXPECT_EQ(count(Role::identity), 1U);
	EXPECT_EQ(*remove_grants_of(grant_folder_of(Role::assist, paths), "sn123", me), 0);
}

TEST_F(StoreWrite, AnActivationIsUsedOnce) {
	ASSERT_TRUE(put(Role::activation, "sn123", sample_key()));
	const auto fingerprint = fingerprint_of(sample_key());
	const auto grant = use_activation(place(Role::activation), fingerprint, me);
	ASSERT_TRUE(grant);
	EXPECT_EQ(grant->subject, "sn123");
	EXPECT_EQ(
		use_activation(place(Role::activation), fingerprint, me).error().code, Fault::not_found);
	EXPECT_EQ(found(Role::activation, sample_key()), "");
	EXPECT_EQ(found_of(Role::activation, "sn123"), "");
	EXPECT_FALSE(test::is_there(paths.activations() + "/.used." + fingerprint.file_name()));
	EXPECT_TRUE(put(Role::activation, "sn123", sample_key(2)));
}

TEST_F(StoreWrite, AnActivationThatIsNotBelievedIsNotUsedUp) {
	spill(file(Role::activation, sample_key()), "garbage");
	EXPECT_EQ(
		use_activation(place(Role::activation), fingerprint_of(sample_key()), me).error().code,
		Fault::invalid);
	EXPECT_TRUE(test::is_there(file(Role::activation, sample_key())));
}

/// Runs the same in several processes at once, all let go by one closing pipe; how many of them
/// returned true.
template <class Body> int winners(int processes, Body body) {
	int gate[2];
	EXPECT_EQ(pipe(gate), 0);
	std::vector<pid_t> children;
	for (int i = 0; i < processes; ++i) {
		const pid_t child = fork();
		if (child == 0) {
			close(gate[1]);
			char byte = 0;
			_exit(::read(gate[0], &byte, 1) == 0 && body(i) ? 0 : 1);
		}
		children.push_back(child);
	}
	close(gate[0]);
	close(gate[1]);
	int won = 0;
	for (const pid_t child : children) {
		int status = 0;
		EXPECT_EQ(waitpid(child, &status, 0), child);
		EXPECT_TRUE(WIFEXITED(status));
		won += WEXITSTATUS(status) == 0 ? 1 : 0;
	}
	return won;
}

TEST_F(StoreWrite, OfTwoUsesAtOnceExactlyOneWins) {
	for (int round = 0; round < 20; ++round) {
		ASSERT_TRUE(put(Role::activation, "sn123", sample_key(round)));
		EXPECT_EQ(winners(4,
					  [&](int) {
						  return use_activation(
							  place(Role::activation), fingerprint_of(sample_key(round)), me)
							  .ok();
					  }),
			1);
	}
}

TEST_F(StoreWrite, OfTwoSubjectsWithOneKeyAtOnceExactlyOneWins) {
	for (int round = 0; round < 20; ++round)
		EXPECT_EQ(winners(
					  4,
					  [&](int i) {
						  return put(Role::identity, "sn" + std::to_string(10 * round + i),
							  sample_key(round))
							  .ok();
					  }),
			1);
}

TEST_F(StoreWrite, KeysOfOneSubjectAtOnceLeaveOneGrant) {
	for (int round = 0; round < 10; ++round) {
		EXPECT_EQ(
			winners(4,
				[&](int i) { return put(Role::tunnel, "sn123", sample_key(4 * round + i)).ok(); }),
			4);
		EXPECT_EQ(count(Role::tunnel), 1U);
		EXPECT_EQ(found_of(Role::tunnel, "sn123"), "sn123");
	}
}

TEST_F(StoreWrite, RecordsThatRootWritesBelongToTheFoldersOwner) {
	if (geteuid() != 0)
		GTEST_SKIP() << "needs root: gives files to another uid";
	ASSERT_EQ(chown(paths.identities().c_str(), kStranger, kStranger), 0);
	ASSERT_TRUE(put(Role::identity, "sn123", sample_key()));
	EXPECT_EQ(found(Role::identity, sample_key()), "sn123");
	for (const std::string& path : {file(Role::identity, sample_key()),
			 paths.identities() + "/.subjects", paths.identities() + "/.subjects/sn123",
			 paths.identities() + "/.subjects/.lock.sn123"}) {
		struct stat file {};
		ASSERT_EQ(stat(path.c_str(), &file), 0) << path;
		EXPECT_EQ(file.st_uid, kStranger) << path;
	}
	ASSERT_EQ(chown(file(Role::identity, sample_key()).c_str(), 0, 0), 0);
	EXPECT_TRUE(find(Role::identity, sample_key()).failed());    // not the issuer's
}

}    // namespace
}    // namespace rassist
