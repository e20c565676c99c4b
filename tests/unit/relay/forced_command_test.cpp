// What a forced command reads from the other side.
#include "relay/forced_command.hpp"

#include "common/base/unique_fd.hpp"
#include "common/system/files.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <array>
#include <string>

namespace rassist::forced {
namespace {

TEST(ReadDocument, EndsAtTheEndOfInputAndKnowsItsLimits) {
	struct Case {
		std::string text;
		bool closed;
		std::string what;
	};
	for (const Case& one :
		{Case{"four", true, "four"}, Case{"", true, ""}, Case{"12345678", true, "12345678"},
			Case{"123456789", true, "too large"}, Case{"four", false, "late"}}) {
		std::array<int, 2> pipe{};
		ASSERT_EQ(::pipe(pipe.data()), 0);
		UniqueFd in(pipe[0]);
		UniqueFd out(pipe[1]);
		ASSERT_TRUE(write_all(out.get(), one.text));
		if (one.closed)
			out.reset();
		const Result<std::string> read =
			read_document(in.get(), 8, std::chrono::milliseconds(one.closed ? 10'000 : 1));
		const std::string said = read                                      ? *read
								 : read.error().code == Fault::too_large   ? "too large"
								 : read.error().code == Fault::unavailable ? "late"
																		   : "?";
		EXPECT_EQ(said, one.what);
	}
}

}    // namespace
}    // namespace rassist::forced
