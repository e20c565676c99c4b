#include "rassist/frame/ssh_failure.hpp"

#include <gtest/gtest.h>

namespace rassist::cli::test {
namespace {

TEST(CliSshFailure, SshsWordsAreUnderstood) {
	EXPECT_EQ(classify_ssh_failure("rassist-device@relay: Permission denied (publickey)."),
		SshFailure::denied);
	EXPECT_EQ(
		classify_ssh_failure("No ED25519 host key is known for relay and you have requested strict "
							 "checking.\r\nHost key verification failed.\r\n"),
		SshFailure::not_pinned);
	EXPECT_EQ(classify_ssh_failure("@@@ WARNING @@@\nHost key verification failed.\r\n"),
		SshFailure::other_key);
	EXPECT_EQ(classify_ssh_failure(
				  "ssh: Could not resolve hostname relay: Name or service not known\r\n"),
		SshFailure::no_name);
	EXPECT_EQ(classify_ssh_failure("ssh: connect to host relay port 443: Connection refused\r\n"),
		SshFailure::not_reached);
	EXPECT_EQ(classify_ssh_failure("something new"), SshFailure::other);
	EXPECT_EQ(quote_last_line("one\r\ntwo\x1b[2J\r\n"), "two\\x1b[2J");
	EXPECT_EQ(quote_last_line(""), "");
}

}    // namespace
}    // namespace rassist::cli::test
