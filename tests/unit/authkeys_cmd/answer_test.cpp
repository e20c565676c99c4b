#include "authkeys_cmd/answer.hpp"
#include "common/base/lookup.hpp"
#include "common/issuing/store_write.hpp"
#include "common/records/taken_devices.hpp"
#include "common/system/files.hpp"
#include "common/system/files_write.hpp"
#include "tests/unit/authkeys_cmd/authkeys_samples.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <map>

namespace rassist::authkeys {
namespace {

/// A host of our own: state and run folders, with this process's uid as root.
class AuthkeysAnswer : public testing::Test {
protected:
	AuthkeysAnswer() {
		std::string base = testing::TempDir() + "authkeysXXXXXX";
		base_ = mkdtemp(base.data());
		paths_.state = base_ + "/state";
		paths_.run = base_ + "/run";
		for (const auto& folder : {paths_.state, paths_.run, paths_.devices(), paths_.staff(),
				 paths_.activations(), paths_.identities(), paths_.windows(), paths_.revoked(),
				 paths_.grants(), paths_.ready()})
			EXPECT_TRUE(make_folder(folder, 0755).ok());
	}
	~AuthkeysAnswer() override { EXPECT_TRUE(remove_tree(base_).ok()); }

	[[nodiscard]] Lookup<std::string> ask(std::string_view account, std::size_t which = 0) const {
		const std::string print = fingerprint_of(key(which)).str();
		return answer({account, kType, kKeys.at(which), print}, paths_, now_, getuid());
	}
	/// The options in front of the key; "none", or the refusal's sentence.
	[[nodiscard]] std::string options(std::string_view account) const {
		const auto line = ask(account);
		if (line.failed())
			return "refused: " + line.error().what;
		return line.found() ? line->substr(0, line->find(" ssh-ed25519")) : "none";
	}
	[[nodiscard]] Fault refusal(std::string_view account) const {
		const auto line = ask(account);
		EXPECT_TRUE(line.failed());
		return line.failed() ? line.error().code : Fault::internal;
	}
	void put(const Grant& made) {
		ASSERT_TRUE(put_grant(grant_folder_of(made.role, paths_), made, false, getuid()).ok());
	}
	void put(const Device& made) {
		ASSERT_TRUE(write_file(
			paths_.devices() + "/" + made.serial.str(), format_device(made), Attributes{})
						.ok());
	}
	/// As `hold` does it.
	void open_tunnel(const std::string& name) {
		UniqueFd file(
			open((paths_.ready() + "/" + name).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
		struct flock lock {};
		lock.l_type = F_WRLCK;
		ASSERT_EQ(fcntl(file.get(), F_OFD_SETLK, &lock), 0);
		held_.push_back(std::move(file));
	}
	[[nodiscard]] std::string record_of(Role role) const {
		return grant_folder_of(role, paths_).path + "/" + fingerprint_of(key()).file_name();
	}

	std::string base_;
	Paths paths_;
	Now now_{kNow, 1000, "boot"};
	std::vector<UniqueFd> held_;
};

TEST_F(AuthkeysAnswer, AKeyNobodyKnowsIsNoEvent) {
	for (const std::string_view account :
		{kAssistAccount, kDeviceAccount, kTunnelAccount, kSupportAccount, "root", ""})
		EXPECT_EQ(options(account), "none");
}

TEST_F(AuthkeysAnswer, AGrantSpeaksForItsAccountAlone) {
	put(device("sn123"));
	const std::map<Role, std::string> owner{{Role::assist, kAssistAccount},
		{Role::tunnel, kTunnelAccount}, {Role::identity, kDeviceAccount},
		{Role::activation, kDeviceAccount}, {Role::staff, kSupportAccount}};
	for (const auto& [role, whose] : owner) {
		put(grant(role, "sn123"));
		for (const std::string account :
			{kAssistAccount, kDeviceAccount, kTunnelAccount, kSupportAccount, "root"})
			EXPECT_EQ(options(account).starts_with("restrict,"), account == whose)
				<< format_role(role) << " " << account << ": " << options(account);
		ASSERT_EQ(unlink(record_of(role).c_str()), 0);
	}
}

TEST_F(AuthkeysAnswer, AnEndedGrantIsRefusedByEitherClock) {
	Grant assist = grant(Role::assist, "sn123");
	put(assist);
	EXPECT_EQ(options(kAssistAccount), "restrict,pty");
	now_.wall = kNow + 600;
	EXPECT_EQ(refusal(kAssistAccount), Fault::expired);
	now_ = {kNow - 86400, 1600, "boot"};    // the wall clock set back
	EXPECT_EQ(refusal(kAssistAccount), Fault::expired);
	now_ = {kNow, 10, "another boot"};
	EXPECT_EQ(refusal(kAssistAccount), Fault::expired);
}

TEST_F(AuthkeysAnswer, ADeviceMustBeRegisteredAndNotBlocked) {
	for (const Role role : {Role::tunnel, Role::activation}) {
		const char* const account = role == Role::tunnel ? kTunnelAccount : kDeviceAccount;
		put(grant(role, "sn123"));
		EXPECT_EQ(refusal(account), Fault::denied) << format_role(role);
		Device registered = device("sn123");
		put(registered);
		EXPECT_FALSE(ask(account).failed());
		registered.blocked = true;
		put(registered);
		EXPECT_EQ(refusal(account), Fault::denied) << format_role(role);
		ASSERT_EQ(unlink(record_of(role).c_str()), 0);
		ASSERT_EQ(unlink((paths_.devices() + "/sn123").c_str()), 0);
	}
}

TEST_F(AuthkeysAnswer, ABlockedDevicesIdentityReachesEnrollToBeToldSo) {
	put(grant(Role::identity, "sn123"));
	EXPECT_TRUE(options(kDeviceAccount).starts_with("restrict,command="))
		<< options(kDeviceAccount);
	Device blocked = device("sn123");
	blocked.blocked = true;
	put(blocked);
	EXPECT_TRUE(options(kDeviceAccount).starts_with("restrict,command="))
		<< options(kDeviceAccount);
}

TEST_F(AuthkeysAnswer, ARecordUnderAnotherKeysNameIsRefused) {
	put(grant(Role::staff, "pat"));
	ASSERT_EQ(rename(record_of(Role::staff).c_str(),
				  (paths_.staff() + "/" + fingerprint_of(key(1)).file_name()).c_str()),
		0);
	const auto line = ask(kSupportAccount, 1);
	ASSERT_TRUE(line.failed());
	EXPECT_EQ(line.error().code, Fault::untrusted);
}

TEST_F(AuthkeysAnswer, ARecordOfAnotherRoleThanItsFoldersIsRefused) {
	put(device("sn123"));
	put(grant(Role::identity, "sn123"));
	ASSERT_EQ(rename(record_of(Role::identity).c_str(), record_of(Role::staff).c_str()), 0);
	EXPECT_EQ(refusal(kSupportAccount), Fault::untrusted);
}

TEST_F(AuthkeysAnswer, ARecordOthersMayWriteIsRefused) {
	put(grant(Role::staff, "pat"));
	ASSERT_EQ(chmod(record_of(Role::staff).c_str(), 0666), 0);
	EXPECT_EQ(refusal(kSupportAccount), Fault::untrusted);
}

TEST_F(AuthkeysAnswer, AFolderThatCannotBeBelievedHarmsItsOwnGrantsAlone) {
	put(device("sn123"));
	put(grant(Role::identity, "sn123"));
	ASSERT_EQ(chmod(paths_.activations().c_str(), 0777), 0);
	EXPECT_TRUE(options(kDeviceAccount).starts_with("restrict,command="))
		<< options(kDeviceAccount);
	ASSERT_EQ(unlink(record_of(Role::identity).c_str()), 0);
	EXPECT_EQ(refusal(kDeviceAccount), Fault::untrusted);
}

TEST_F(AuthkeysAnswer, StaffReachesOpenRegisteredUnblockedDevicesInScope) {
	Device grouped = device("zz9");
	grouped.groups = {Name::parse("hospital").value()};
	Device blocked = device("sn-blocked");
	blocked.blocked = true;
	for (const auto& one :
		{device("sn-open"), device("sn-closed"), device("other"), grouped, blocked})
		put(one);
	for (const auto* name : {"sn-open", "other", "zz9", "sn-blocked", "sn-unregistered"})
		open_tunnel(name);
	Grant staff = grant(Role::staff, "pat");
	staff.scope = {Scope::parse("sn*").value(), Scope::parse("@hospital").value()};
	put(staff);
	EXPECT_EQ(options(kSupportAccount),
		"restrict,port-forwarding,permitopen=\"sn-open.rassist:10022\",permitopen=\"sn-open."
		"rassist:10088\",permitopen=\"zz9.rassist:10022\","
		"permitopen=\"zz9.rassist:10088\"," +
			desk(""));
	staff.scope.clear();
	put(staff);
	EXPECT_EQ(options(kSupportAccount), desk("restrict,"));
}

TEST_F(AuthkeysAnswer, WhatThePersonTookComesFirstInALineThatIsFull) {
	ASSERT_TRUE(make_folder(paths_.taken(), 0755).ok());
	rlimit files{};
	ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &files), 0);
	files.rlim_cur = std::min<rlim_t>(files.rlim_max, 8192);
	ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &files), 0);
	for (int i = 0; i < 1100; ++i) {
		put(device("sn" + std::to_string(1000 + i)));
		open_tunnel("sn" + std::to_string(1000 + i));
	}
	put(device("other"));
	open_tunnel("other");
	Grant staff = grant(Role::staff, "pat");
	staff.scope = {Scope::parse("sn*").value()};
	put(staff);
	const auto first = [&] {
		const std::string line = options(kSupportAccount);
		const std::string option = "permitopen=\"";
		const std::size_t begin = line.find(option) + option.size();
		return line.substr(begin, line.find(".rassist", begin) - begin);
	};
	const auto carries = [&](const std::string& name) {
		return options(kSupportAccount).find("\"" + name + ".rassist:10022\"") != std::string::npos;
	};
	EXPECT_EQ(first(), "sn1000");
	EXPECT_TRUE(carries("sn1999"));
	EXPECT_FALSE(carries("sn2000") || carries("sn2099"));
	ASSERT_TRUE(write_file(paths_.taken() + "/pat",
		format_taken_devices({serial("other"), serial("sn2099")}), Attributes{})
					.ok());
	EXPECT_EQ(first(), "sn2099");
	EXPECT_TRUE(carries("sn1998"));
	EXPECT_FALSE(carries("sn1999") || carries("other"));
}

TEST_F(AuthkeysAnswer, WhatSshdSaysIsJudgedToo) {
	put(grant(Role::staff, "pat"));
	const std::string print = fingerprint_of(key()).str();
	EXPECT_TRUE(
		answer({kSupportAccount, kType, kKeys[0], "MD5:00:11"}, paths_, now_, getuid()).failed());
	EXPECT_TRUE(
		answer({kSupportAccount, kType, kKeys[0], "../../etc/passwd"}, paths_, now_, getuid())
			.failed());
	for (const std::string_view type :
		{"ssh-ed25519-cert-v01@openssh.com", "ssh-dss", "", "ssh-ed25519 x"}) {
		const auto line = answer({kSupportAccount, type, kKeys[0], print}, paths_, now_, getuid());
		ASSERT_FALSE(line.failed());
		EXPECT_TRUE(line.absent()) << type;
	}
}

}    // namespace
}    // namespace rassist::authkeys
