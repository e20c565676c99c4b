#include "common/records/window_request.hpp"

#include "common/base/lookup.hpp"
#include "tests/unit/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <string>

namespace rassist {
namespace {

using test::is_there;
using test::spill;
using Verb = WindowRequest::Change;

class WindowRequests : public testing::Test {
protected:
	[[nodiscard]] Lookup<WindowRequest> take(Verb verb, std::int64_t later = 0) const {
		return take_window_request(paths, verb, Now{at.wall, at.boot + later, at.boot_id}, me);
	}
	void left_by_hand(const std::string& text, mode_t mode = 0600) const {
		spill(paths.request(), text, mode);
	}

	inline static const Now at{1'790'000'000, 5000, "3f1c7a1e-5d0b-4f0a-9a5b-e6a2c0d1e001"};
	const test::TemporaryFolder folder;
	const uid_t me = geteuid();
	const Paths paths{.run = folder.path()};
};

TEST_F(WindowRequests, IsTakenOnceAndAsItWasWritten) {
	ASSERT_TRUE(write_window_request(paths, Verb::extend, std::chrono::minutes(90), at));
	const auto taken = take(Verb::extend);
	ASSERT_TRUE(taken.found());
	EXPECT_EQ(taken->length, std::chrono::minutes(90));
	EXPECT_EQ(taken->boot, at.boot);
	EXPECT_FALSE(is_there(paths.request()));
	const auto again = take(Verb::extend);
	EXPECT_TRUE(again.absent());
}

TEST_F(WindowRequests, IsReadableByItsOwnerAlone) {
	ASSERT_TRUE(write_window_request(paths, Verb::open, std::chrono::seconds(5), at));
	struct stat file {};
	ASSERT_EQ(::stat(paths.request().c_str(), &file), 0);
	EXPECT_EQ(file.st_mode & 07777, 0600U);
}

TEST_F(WindowRequests, IsGoodForAMinute) {
	for (const auto& [later, good] : {std::pair{0, true}, {60, true}, {61, false}, {-1, false}}) {
		ASSERT_TRUE(write_window_request(paths, Verb::open, std::chrono::seconds(5), at));
		const auto taken = take(Verb::open, later);
		ASSERT_FALSE(taken.failed());
		EXPECT_EQ(taken.found(), good) << later;
		EXPECT_FALSE(is_there(paths.request())) << later;
	}
}

TEST_F(WindowRequests, ForAnotherVerbCountsForNothingAndIsGone) {
	ASSERT_TRUE(write_window_request(paths, Verb::open, std::chrono::seconds(5), at));
	const auto taken = take(Verb::extend);
	EXPECT_TRUE(taken.absent());
	EXPECT_FALSE(is_there(paths.request()));
}

TEST_F(WindowRequests, RefusesWhatIsNotRootsOwnAndRemovesIt) {
	const std::string good = format_window_request({Verb::open, std::chrono::seconds(5), at.boot});
	for (const mode_t mode : {0644U, 0666U, 0640U}) {
		left_by_hand(good, mode);
		const auto taken = take(Verb::open);
		ASSERT_TRUE(taken.failed()) << mode;
		EXPECT_EQ(taken.error().code, Fault::untrusted) << mode;
		EXPECT_FALSE(is_there(paths.request())) << mode;
	}
	left_by_hand(good);
	EXPECT_TRUE(take_window_request(paths, Verb::open, at, me + 1).failed());
}

TEST_F(WindowRequests, RefusesTextThatIsNoRequest) {
	const std::vector<std::string> bad{"", "open 5", "[window]\nversion = 1\n",
		"[request]\nverb = open\nseconds = 5\nboot = 5000\n",
		"[request]\nversion = 2\nverb = open\nseconds = 5\nboot = 5000\n",
		"[request]\nversion = 1\nverb = close\nseconds = 5\nboot = 5000\n",
		"[request]\nversion = 1\nverb = open\nseconds = 0\nboot = 5000\n",
		"[request]\nversion = 1\nverb = open\nseconds = 2592001\nboot = 5000\n",
		"[request]\nversion = 1\nverb = open\nseconds = 1h\nboot = 5000\n",
		"[request]\nversion = 1\nverb = open\nseconds = 5\nboot = -1\n",
		"[request]\nversion = 1\nverb = open\nseconds = 5\n",
		"[request]\nversion = 1\nverb = open\nseconds = 5\nboot = 5000\nuntil = tomorrow\n"};
	for (const std::string& text : bad) {
		left_by_hand(text);
		const auto taken = take(Verb::open);
		ASSERT_TRUE(taken.failed()) << text;
		EXPECT_TRUE(
			taken.error().code == Fault::invalid || taken.error().code == Fault::unsupported)
			<< text;
	}
}

TEST_F(WindowRequests, ErrorsSayWhatWouldHaveBeenRight) {
	left_by_hand("[request]\nversion = 1\nverb = close\nseconds = 5\nboot = 5000\n");
	EXPECT_NE(take(Verb::open).error().what.find("open or extend"), std::string::npos);
}

}    // namespace
}    // namespace rassist
