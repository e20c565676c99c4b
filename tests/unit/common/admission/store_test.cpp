#include "common/admission/store.hpp"

#include "common/keys/digest.hpp"
#include "tests/unit/store_fixture.hpp"

#include <string>
#include <vector>

namespace rassist {
namespace {

using test::sample_key;
using test::spill;
using Store = test::StoreFixture;

TEST_F(Store, KnowsWhichFoldersSpeakForAnAccount) {
	const auto roles = [&](const char* account) {
		std::vector<Role> found;
		for (const auto& one : grant_folders_of(account, paths))
			found.push_back(one.role);
		return found;
	};
	EXPECT_EQ(roles("rassist"), (std::vector{Role::assist}));
	EXPECT_EQ(roles("rassist-device"), (std::vector{Role::identity, Role::activation}));
	EXPECT_EQ(roles("rassist-tunnel"), (std::vector{Role::tunnel}));
	EXPECT_EQ(roles("rassist-support"), (std::vector{Role::staff}));
	for (const char* other : {"", "root", "rassist-agent", "rassist-keys", "Rassist", "rassist "})
		EXPECT_TRUE(roles(other).empty()) << other;
	for (const Role role : {Role::assist, Role::activation, Role::staff})
		EXPECT_EQ(place(role).issuer, Issuer::root);
	for (const Role role : {Role::tunnel, Role::identity})
		EXPECT_EQ(place(role).issuer, Issuer::folder_owner);
}

TEST_F(Store, FindsWhatWasPut) {
	for (const Role role : {Role::tunnel, Role::identity, Role::activation, Role::staff}) {
		EXPECT_EQ(found(role, sample_key()), "");
		ASSERT_TRUE(put(role, "sn123", sample_key()));
		EXPECT_EQ(found(role, sample_key()), "sn123");
		EXPECT_EQ(found(role, sample_key(2)), "");
		EXPECT_EQ(count(role), 1U);
		ASSERT_TRUE(remove_grant(place(role), fingerprint_of(sample_key()), me));
		EXPECT_EQ(found(role, sample_key()), "");
		EXPECT_TRUE(remove_grant(place(role), fingerprint_of(sample_key()), me));
	}
}

TEST_F(Store, AMissingFolderHoldsNothing) {
	EXPECT_EQ(found(Role::assist, sample_key()), "");
	EXPECT_EQ(found_of(Role::assist, "sn123"), "");
	EXPECT_EQ(count(Role::assist), 0U);
	EXPECT_EQ(
		put_grant(place(Role::assist), grant_of(Role::assist, "sn123", sample_key()), false, me)
			.error()
			.code,
		Fault::invalid);
}

TEST_F(Store, RefusesARecordItCannotBelieve) {
	const std::string path = file(Role::identity, sample_key());
	const std::string good = format_grant(grant_of(Role::identity, "sn123", sample_key()));
	const auto expect = [&](Fault fault, const char* what) {
		const auto result = find(Role::identity, sample_key());
		ASSERT_TRUE(result.failed()) << what;
		EXPECT_EQ(result.error().code, fault) << what << ": " << result.error().what;
		EXPECT_NE(result.error().what.find(folder.path()), std::string::npos)
			<< result.error().what;
		const auto list = list_grants(place(Role::identity), me);
		EXPECT_TRUE(list && list->grants.empty() && list->refused.size() == 1) << what;
		ASSERT_EQ(::remove(path.c_str()), 0);
	};
	spill(path, good, 0666);
	expect(Fault::untrusted, "writable by others");
	spill(path, good, 0664);
	expect(Fault::untrusted, "writable by its group");
	spill(path, "garbage");
	expect(Fault::invalid, "garbage");
	spill(path, "");
	expect(Fault::invalid, "empty");
	spill(path, std::string(100'000, 'x'));
	expect(Fault::too_large, "huge");
	spill(path, format_grant(grant_of(Role::staff, "sn123", sample_key())));
	expect(Fault::untrusted, "another role's");
	test::make(path);
	expect(Fault::untrusted, "a folder");
	ASSERT_EQ(mkfifo(path.c_str(), 0644), 0);
	expect(Fault::untrusted, "a FIFO");
	spill(folder / "elsewhere", good);
	ASSERT_EQ(symlink((folder / "elsewhere").c_str(), path.c_str()), 0);
	expect(Fault::untrusted, "a symlink");
}

TEST_F(Store, RefusesAFolderItCannotBelieve) {
	ASSERT_TRUE(put(Role::identity, "sn123", sample_key()));
	ASSERT_TRUE(put(Role::staff, "ann", sample_key()));
	const auto untrusted = [&](Role role) {
		const auto result = find(role, sample_key());
		return result.failed() && result.error().code == Fault::untrusted &&
			   !list_grants(place(role), me) && find_grant_of(place(role), "sn123", me).failed() &&
			   !put(role, "sn123", sample_key());
	};
	for (const Role role : {Role::identity, Role::staff}) {
		for (const mode_t mode : {0777, 0775, 0757}) {
			ASSERT_EQ(chmod(place(role).path.c_str(), mode), 0);
			EXPECT_TRUE(untrusted(role)) << format_role(role) << " " << mode;
		}
		ASSERT_EQ(chmod(place(role).path.c_str(), 0755), 0);
		EXPECT_EQ(found(role, sample_key()).empty(), false);
		// somebody could put another folder in its place
		ASSERT_EQ(chmod(folder.path().c_str(), 0777), 0);
		EXPECT_TRUE(untrusted(role));
		ASSERT_EQ(chmod(folder.path().c_str(), 0700), 0);
	}
	// root's folders must be root's; the folder above always
	EXPECT_EQ(find_grant(place(Role::staff), fingerprint_of(sample_key()), me + 1).error().code,
		Fault::untrusted);
	EXPECT_EQ(find_grant(place(Role::identity), fingerprint_of(sample_key()), me + 1).error().code,
		Fault::untrusted);
}

TEST_F(Store, TheGroupMayWriteActivationsAndOthersMayNot) {
	ASSERT_TRUE(put(Role::activation, "sn123", sample_key()));
	EXPECT_EQ(found(Role::activation, sample_key()), "sn123");
	ASSERT_EQ(chmod(paths.activations().c_str(), 0777), 0);
	EXPECT_TRUE(find(Role::activation, sample_key()).failed());
}

TEST_F(Store, APointerIsNotBelievedBlindly) {
	ASSERT_TRUE(put(Role::identity, "sn123", sample_key(1)));
	ASSERT_TRUE(put(Role::identity, "sn124", sample_key(2)));
	const std::string pointer = paths.identities() + "/.subjects/sn123";
	spill(pointer, fingerprint_of(sample_key(2)).file_name() + "\n");
	EXPECT_TRUE(find_grant_of(place(Role::identity), "sn123", me).failed());
	spill(pointer, "../../etc/passwd");
	EXPECT_TRUE(find_grant_of(place(Role::identity), "sn123", me).failed());
	spill(pointer, fingerprint_of(sample_key(3)).file_name());
	EXPECT_EQ(found_of(Role::identity, "sn123"), "");
	for (const char* subject : {"", ".", "..", "../identities", "a/b", ".lock.sn123"})
		EXPECT_TRUE(find_grant_of(place(Role::identity), subject, me).failed()) << subject;
	ASSERT_EQ(chmod((paths.identities() + "/.subjects").c_str(), 0777), 0);
	EXPECT_EQ(find_grant_of(place(Role::identity), "sn123", me).error().code, Fault::untrusted);
	EXPECT_EQ(put(Role::identity, "sn123", sample_key(3)).error().code, Fault::untrusted);
}

TEST_F(Store, ListsTheGoodOnesAndWhatIsWrongWithTheOthers) {
	ASSERT_TRUE(put(Role::identity, "sn123", sample_key(1)));
	spill(paths.identities() + "/notes.txt", "mine");
	spill(paths.identities() + "/.hidden", "mine");
	spill(file(Role::identity, sample_key(2)), "garbage");
	const auto list = list_grants(place(Role::identity), me);
	ASSERT_TRUE(list);
	EXPECT_EQ(list->grants.size(), 1U);
	EXPECT_EQ(list->refused.size(), 2U);
}

}    // namespace
}    // namespace rassist
