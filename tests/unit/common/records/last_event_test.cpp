// The record of what happened last to a device.
#include "common/records/last_event.hpp"

#include "tests/unit/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace rassist {
namespace {

TEST(LastEvent, IsReadBackAsItWasWritten) {
	const test::TemporaryFolder folder;
	const Paths paths{.state = folder.path(), .run = folder.path()};
	test::make(paths.last());
	test::make(paths.last() + "/hold");
	const Serial serial = *Serial::parse("sn1");
	ASSERT_TRUE(write_last_event(paths, LastEventKind::hold, serial,
		{1000, "silent", "nothing heard; for 15 s\n", *Id::parse("0123456789"), {}}));
	EXPECT_FALSE(read_last_event(paths, LastEventKind::enroll, serial));
	const auto last = read_last_event(paths, LastEventKind::hold, serial);
	ASSERT_TRUE(last);
	EXPECT_EQ(last->at, 1000);
	EXPECT_EQ(last->reason, "silent");
	EXPECT_EQ(last->sentence.substr(0, 13), "nothing heard");
	EXPECT_EQ(last->id->str(), "0123456789");
	EXPECT_FALSE(last->window);
	test::spill(paths.last() + "/hold/sn1", "garbage");
	EXPECT_FALSE(read_last_event(paths, LastEventKind::hold, serial));
}

}    // namespace
}    // namespace rassist
