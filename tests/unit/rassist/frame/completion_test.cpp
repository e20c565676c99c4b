// complete: what the shell's completion is offered.
#include "tests/unit/rassist/frame/cli_world.hpp"

#include <gtest/gtest.h>

#include <sysexits.h>

namespace rassist::cli::test {
namespace {

using Words = std::vector<std::string>;

TEST(CliCompletion, OffersWhatTheTableHas) {
	World world;
	make(world.context.home + "/.ssh");
	make(world.context.home + "/.ssh/rassist");
	spill(world.context.home + "/.ssh/rassist/sn123.rassist.host", "");
	spill(world.context.home + "/.ssh/rassist/sn123.rassist.pub", "");
	const std::vector<std::pair<Words, std::string>> cases{
		{{"dev"}, "device\n"},
		{{"device", ""}, "add\nblock\nimport\nlist\npublish\nremove\nset\nshow\ntoken\nunblock\n"},
		{{"device", "l"}, "list\n"},
		{{"open", "--"}, "--for\n"},
		{{"open", "--for", ""}, ""},
		{{"open", "--for", "1h", "--"}, ""},
		{{"staff", "add", "--from", "x", "--f"}, "--from\n"},
		{{"key", "s"}, "sn123\n"},
		{{"help", "exte"}, "extend\n"},
		{{"complete"}, ""},
		{{"known"}, ""},
		{{"nothing", ""}, ""},
	};
	for (const auto& [typed, offered] : cases) {
		Words words{"complete", "--"};
		words.insert(words.end(), typed.begin(), typed.end());
		EXPECT_EQ(world.run(words), EX_OK);
		EXPECT_EQ(world.out.str(), offered) << typed.back();
	}
}

}    // namespace
}    // namespace rassist::cli::test
