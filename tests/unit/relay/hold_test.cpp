// What a tunnel key may ask for.
#include "relay/hold.hpp"

#include <gtest/gtest.h>

namespace rassist::hold {
namespace {

TEST(HoldCommand, IsHoldAndAnIdAndNothingElse) {
	EXPECT_EQ(parse_command("hold 0123456789")->str(), "0123456789");
	for (const char* text : {"", "hold", "hold x", "hold 0123456789 x", "hold 0123456789;id",
			 "HOLD 0123456789", "sh -c id", "scp -t x", "internal-sftp", "hold  "})
		EXPECT_FALSE(parse_command(text)) << text;
}

}    // namespace
}    // namespace rassist::hold
