#include "rassist/doctor/versions.hpp"

#include <gtest/gtest.h>

namespace rassist::cli::doctor {
namespace {

TEST(DoctorVersions, AreReadFromWhatSshSays) {
	EXPECT_EQ(parse_openssh_version("OpenSSH_9.2p1 Debian-2+deb12u7, OpenSSL 3.0.17 1 Jul 2025"),
		(OpensshVersion{9, 2}));
	EXPECT_EQ(parse_openssh_version("OpenSSH_10.0p2"), (OpensshVersion{10, 0}));
	EXPECT_EQ(parse_openssh_version("unknown option -- V\nOpenSSH_8.7p1, OpenSSL 3.0.7 1 Nov "
									"2022\nusage: sshd [-46DdeiqTt] …"),
		(OpensshVersion{8, 7}))
		<< "sshd -V";
	for (const char* said : {"", "Dropbear v2022.83", "OpenSSH_", "OpenSSH_x.1", "OpenSSH_9"})
		EXPECT_FALSE(parse_openssh_version(said)) << said;
	EXPECT_FALSE(find_lack({8, 7}));
	EXPECT_FALSE(find_lack({10, 0}));
	EXPECT_TRUE(find_lack({8, 6}));
	EXPECT_TRUE(find_lack({7, 9}));
}

}    // namespace
}    // namespace rassist::cli::doctor
