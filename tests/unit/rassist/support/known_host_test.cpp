// known-host: what ssh is told of a pin.
#include "tests/unit/rassist/support/support_world.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <sysexits.h>

namespace rassist::cli::test {
namespace {

TEST_F(CliKey, AnswersSshWithThePinUnderTheNameItAsksFor) {
	ASSERT_EQ(world.run({"key", "sn123", "--out", world.folder / "key"}), EX_OK);
	const std::string key = keys().host.public_key().str();
	for (const std::string host : {"sn123.rassist", "[sn123.rassist]:10022", "SN123.rassist"}) {
		EXPECT_EQ(world.run({"known-host", host}), EX_OK);
		EXPECT_EQ(world.out.str(), host + " " + key + "\n");
		EXPECT_EQ(world.err.str(), "");
	}
}

TEST_F(CliKey, SaysOnceWhyThereIsNoPinAndPrintsNothing) {
	EXPECT_EQ(world.run({"known-host", "sn9.rassist", "ORDER"}), EX_OK);
	EXPECT_EQ(world.out.str() + world.err.str(), "");
	EXPECT_EQ(world.run({"known-host", "[sn9.rassist]:10022", "HOSTNAME"}), EX_OK);
	EXPECT_EQ(world.out.str(), "");
	EXPECT_EQ(world.err.str(), "rassist: no code given yet for sn9: run `rassist key sn9`\n");
}

TEST_F(CliKey, BelievesNoPinThatOthersMayWriteAndNoOtherHost) {
	ASSERT_EQ(world.run({"key", "sn123", "--out", world.folder / "key"}), EX_OK);
	ASSERT_EQ(chmod(pin("sn123.rassist.host").c_str(), 0666), 0);
	EXPECT_EQ(world.run({"known-host", "sn123.rassist"}), EX_CONFIG);
	EXPECT_EQ(world.out.str(), "");
	ASSERT_EQ(chmod(pin("sn123.rassist.host").c_str(), 0644), 0);
	for (const std::string host : {"example.com", "rassist", ".rassist", "a.b.rassist",
			 "[sn123.rassist", "[sn123.rassist]", "[sn123.rassist]:x", "../x.rassist", ""}) {
		EXPECT_NE(world.run({"known-host", host}), EX_OK) << host;
		EXPECT_EQ(world.out.str(), "");
	}
}

}    // namespace
}    // namespace rassist::cli::test
