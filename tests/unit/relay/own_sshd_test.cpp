// Whose child hold must be.
#include "relay/own_sshd.hpp"

#include <gtest/gtest.h>

namespace rassist::hold {
namespace {

TEST(OwnSshd, IsTheParentAndMustBeAnSshd) {
	const Result<OwnSshd> sshd = OwnSshd::attach();
	ASSERT_FALSE(sshd) << "whatever started the tests, it was no sshd";
	EXPECT_TRUE(sshd.error().code == Fault::untrusted || sshd.error().code == Fault::not_found)
		<< sshd.error().what;
}

}    // namespace
}    // namespace rassist::hold
