#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>

#include <cerrno>
#include <memory>

namespace rassist {
namespace {

TEST(Result, CarriesValueOrError) {
	const Result<int> good = 7;
	ASSERT_TRUE(good.ok());
	EXPECT_EQ(*good, 7);
	const Result<int> bad = Error{Fault::denied, "no", 0};
	ASSERT_FALSE(bad);
	EXPECT_EQ(bad.error().code, Fault::denied);
}

TEST(Result, MovesWhatCannotBeCopied) {
	Result<std::unique_ptr<int>> held = std::make_unique<int>(3);
	const std::unique_ptr<int> taken = *std::move(held);
	EXPECT_EQ(*taken, 3);
}

TEST(Error, ForgottenCodeReadsAsInternal) {
	EXPECT_EQ(Error{}.code, Fault::internal);
	EXPECT_EQ(Fault{}, Fault::internal);
}

TEST(Error, ContextGoesInFrontAndKeepsCodeAndErrno) {
	const Error error = os_error(EACCES, "open").within("/etc/rassist/rassist.conf");
	EXPECT_EQ(error.what, "/etc/rassist/rassist.conf: open: Permission denied");
	EXPECT_EQ(error.code, Fault::denied);
	EXPECT_EQ(error.os_errno, EACCES);
}

TEST(Error, OsErrorsHaveTheirFault) {
	struct Case {
		int number;
		Fault fault;
	};
	for (const Case& c : {Case{ENOENT, Fault::not_found}, Case{EEXIST, Fault::exists},
			 Case{EACCES, Fault::denied}, Case{EPERM, Fault::denied}, Case{ELOOP, Fault::untrusted},
			 Case{ENOSPC, Fault::io}, Case{EIO, Fault::io}})
		EXPECT_EQ(os_error(c.number, "x").code, c.fault) << c.number;
	EXPECT_EQ(os_error(4242, "x").what, "x: error 4242");
}

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) != -1; }
UniqueFd null() { return UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC)); }

TEST(UniqueFd, ClosesOnceAtItsEnd) {
	int number = -1;
	{
		const UniqueFd fd = null();
		number = fd.get();
		ASSERT_TRUE(is_open(number));
	}
	EXPECT_FALSE(is_open(number));
}

TEST(UniqueFd, AssignmentClosesTheOldAndEmptiesTheSource) {
	UniqueFd first = null();
	UniqueFd second = null();
	const int old = first.get();
	const int kept = second.get();
	first = std::move(second);
	EXPECT_FALSE(is_open(old));
	EXPECT_EQ(first.get(), kept);
	EXPECT_FALSE(second.valid());    // NOLINT(bugprone-use-after-move): that is what is tested
	UniqueFd& same = first;
	first = std::move(same);
	EXPECT_TRUE(is_open(first.get()));
}

TEST(UniqueFd, ReleaseGivesUpAndResetKeepsErrno) {
	UniqueFd fd = null();
	const int number = fd.release();
	EXPECT_FALSE(fd.valid());
	EXPECT_TRUE(is_open(number));
	UniqueFd again(number);
	errno = ENOSPC;
	again.reset();
	EXPECT_EQ(errno, ENOSPC);
	EXPECT_FALSE(is_open(number));
}

}    // namespace
}    // namespace rassist
