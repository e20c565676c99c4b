// Whether a tunnel may stand, as the relay's records say.
#include "relay/tunnel_verdict.hpp"

#include "tests/unit/relay/sample_grant.hpp"
#include "tests/unit/sample_key.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

namespace rassist::hold {
namespace {

using test::sample_grant;
using test::sample_key;

class JudgeTunnel : public testing::Test {
protected:
	[[nodiscard]] std::string judged() const {
		const TunnelVerdict verdict = judge_tunnel(records, former, now);
		return verdict.end ? std::string(format_bye(verdict.end->bye))
						   : "stands until " + std::to_string(verdict.window->until);
	}
	void grant_is(std::string_view window, std::int64_t until) {
		Grant grant = sample_grant(Role::tunnel, "sn1", sample_key(), until);
		grant.window = *Id::parse(window);
		records.grant = std::move(grant);
	}

	Device device{*Serial::parse("sn1"), "127.64.0.1", false, {}, {}, 1};
	TunnelRecords records{std::nullopt, device};
	std::optional<TunnelWindow> former;
	Now now{1000, 50, "boot"};
};

TEST_F(JudgeTunnel, AGrantStandsUntilItsSecond) {
	grant_is("aaaaaaaaaa", 1001);
	EXPECT_EQ(judged(), "stands until 1001");
	now.wall = 1001;
	EXPECT_EQ(judged(), "expired");
}

TEST_F(JudgeTunnel, ExtendedAndShortenedAreTheSameWindow) {
	former = TunnelWindow{*Id::parse("aaaaaaaaaa"), 1500};
	for (const int until : {2000, 1001}) {
		grant_is("aaaaaaaaaa", until);
		EXPECT_EQ(judged(), "stands until " + std::to_string(until));
	}
	grant_is("aaaaaaaaaa", 900);
	EXPECT_EQ(judged(), "expired");
}

TEST_F(JudgeTunnel, AnotherWindowDisplaces) {
	former = TunnelWindow{*Id::parse("aaaaaaaaaa"), 1500};
	grant_is("bbbbbbbbbb", 2000);
	EXPECT_EQ(judged(), "displaced");
	former.reset();
	EXPECT_EQ(judged(), "stands until 2000");
}

TEST_F(JudgeTunnel, ATwinIsPassedOn) {
	grant_is("aaaaaaaaaa", 2000);
	EXPECT_FALSE(judge_tunnel(records, former, now).window->twin);
	records.grant->twin = 990;
	EXPECT_EQ(judge_tunnel(records, former, now).window->twin, 990);
}

TEST_F(JudgeTunnel, NoGrantIsRevokedOrSweptAfterItsTime) {
	EXPECT_EQ(judged(), "revoked");
	former = TunnelWindow{*Id::parse("aaaaaaaaaa"), 1001};
	EXPECT_EQ(judged(), "revoked");
	former->until = 1000;
	EXPECT_EQ(judged(), "expired");
}

TEST_F(JudgeTunnel, TheDeviceMustBeRegisteredAndNotBlocked) {
	grant_is("aaaaaaaaaa", 2000);
	device.blocked = true;
	records.device = device;
	EXPECT_EQ(judged(), "blocked");
	records.device = std::nullopt;
	EXPECT_EQ(judged(), "revoked");
	records.device = Error{Fault::untrusted, "not root's"};
	EXPECT_EQ(judged(), "failed");
}

TEST_F(JudgeTunnel, AGrantThatIsNotBelievedFails) {
	records.grant = Error{Fault::invalid, "garbage"};
	EXPECT_EQ(judged(), "failed");
}

}    // namespace
}    // namespace rassist::hold
