// Which records of revoked windows are swept away.
#include "common/records/revoked_window.hpp"
#include "common/system/files.hpp"
#include "rassist/enforce/dead_records.hpp"
#include "tests/unit/rassist/relay/relay_world.hpp"

namespace rassist::cli::test {
namespace {

class CliDeadRecords : public testing::Test {
protected:
	RelayWorld world;
};

TEST_F(CliDeadRecords, SweepsWhatIsPastItsEndAndNothingElse) {
	const auto clock = read_clocks();
	const auto put = [&](const char* window, std::int64_t lasts) {
		const RevokedWindow revoked{
			*Id::parse(window), *Serial::parse("sn1"), 1, clock->wall + lasts};
		spill(world.paths.revoked() + "/" + window, format_revoked_window(revoked));
	};
	put("0000000000", -10);
	put("1111111111", 1000);
	spill(world.paths.revoked() + "/2222222222", "garbage");
	EXPECT_TRUE(sweep_revoked_windows(world.context));
	EXPECT_EQ(Folder::open(world.paths.revoked())->names().value(),
		(std::vector<std::string>{"1111111111", "2222222222"}));
}

}    // namespace
}    // namespace rassist::cli::test
