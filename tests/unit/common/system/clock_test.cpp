#include "common/system/clock.hpp"

#include <gtest/gtest.h>

namespace rassist {
namespace {

using namespace std::chrono_literals;

const Now kNow{1'000'000, 500, "boot-a"};

TEST(Deadline, WhicheverClockEndsFirstCounts) {
	struct Case {
		const char* what;
		Now now;
		std::int64_t left;
	};
	const Deadline deadline = Deadline::after(3600s, kNow);
	for (const Case& c :
		{Case{"at once", kNow, 3600}, Case{"both went on", {1'000'600, 1100, "boot-a"}, 3000},
			Case{"wall clock set back a day gains nothing", {1'000'600 - 86400, 1100, "boot-a"},
				3000},
			Case{"wall clock set forward ends it earlier", {1'003'000, 1100, "boot-a"}, 600},
			Case{"wall clock past it", {1'003'601, 600, "boot-a"}, 0},
			Case{"boot clock past it", {1'000'000, 4100, "boot-a"}, 0},
			Case{"another boot", {1'000'001, 10, "boot-b"}, 0}}) {
		EXPECT_EQ(deadline.remaining(c.now).count(), c.left) << c.what;
		EXPECT_EQ(deadline.passed(c.now), c.left == 0) << c.what;
	}
}

TEST(Deadline, ARelaysHasTheWallClockAlone) {
	const Deadline deadline{1'000'100, std::nullopt};
	EXPECT_EQ(deadline.remaining({1'000'000, 0, "any"}), 100s);
	EXPECT_TRUE(deadline.passed({1'000'100, 0, "any"}));
}

TEST(Deadline, DefaultHasPassed) { EXPECT_TRUE(Deadline{}.passed(kNow)); }

TEST(Now, ReadsThisMachine) {
	const Result<Now> time = read_clocks();
	ASSERT_TRUE(time) << time.error().what;
	EXPECT_GT(time->wall, 1'600'000'000);
	EXPECT_GT(time->boot, 0);
	EXPECT_EQ(time->boot_id.size(), 36U);
}

}    // namespace
}    // namespace rassist
