// hold's side of the heartbeat: what it says when, and when it gives the device up.
#include "relay/hold_heartbeat.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rassist::hold {
namespace {

using namespace std::chrono_literals;

class HeartbeatOfHold : public testing::Test {
protected:
	/// What went out, as a device that takes everything sees it.
	std::string said(HoldHeartbeat::Time now) {
		std::string text(talk.unsent());
		talk.note_sent(text.size(), now);
		return text;
	}
	HoldHeartbeat talk{5s, 15s, 60s, 0ms};
};

TEST_F(HeartbeatOfHold, BeginsWithReadyAndBeatsAtTheInterval) {
	EXPECT_EQ(said(0ms), "ready 1 interval=5 limit=15 left=60\n");
	EXPECT_EQ(talk.next_check(), 5000ms);
	talk.speak(56s, 4999ms);
	EXPECT_EQ(said(4999ms), "");
	talk.speak(55s, 5000ms);
	EXPECT_EQ(said(5000ms), "beat left=55\n");
	EXPECT_EQ(talk.next_check(), 10'000ms);
}

TEST_F(HeartbeatOfHold, AnswersTheDevicesBeatOnceASecondAtTheMost) {
	static_cast<void>(said(0ms));
	for (auto now = 100ms; now < 1000ms; now += 100ms) {
		EXPECT_FALSE(talk.hear("beat\n", now));
		EXPECT_EQ(talk.next_check(), 1000ms);
		talk.speak(50s, now);
		EXPECT_EQ(said(now), "");
	}
	talk.speak(50s, 1000ms);
	EXPECT_EQ(said(1000ms), "beat left=50\n");
	EXPECT_FALSE(talk.hear("beat\n", 3000ms));
	talk.speak(48s, 3000ms);
	EXPECT_EQ(said(3000ms), "beat left=48\n") << "at once where there was silence";
	EXPECT_EQ(talk.next_check(), 8000ms) << "and not once more before the interval";
}

TEST_F(HeartbeatOfHold, WarnsOfATwinBesideTheBeats) {
	talk.warn_of_twin();
	EXPECT_EQ(said(0ms), "ready 1 interval=5 limit=15 left=60\ntwin\n");
}

TEST_F(HeartbeatOfHold, EndsAfterSilenceOfTheLimitAndEachLineStartsItAnew) {
	static_cast<void>(said(0ms));
	EXPECT_FALSE(talk.check_silence(14'999ms));
	EXPECT_EQ(talk.check_silence(15'000ms)->bye, Bye::silent);
	EXPECT_FALSE(talk.hear("beat\n", 14'000ms));
	EXPECT_FALSE(talk.check_silence(28'999ms));
	EXPECT_EQ(talk.check_silence(29'000ms)->bye, Bye::silent);
}

TEST_F(HeartbeatOfHold, HalfALineIsSilence) {
	static_cast<void>(said(0ms));
	EXPECT_FALSE(talk.hear("bea", 14'000ms));
	EXPECT_TRUE(talk.check_silence(15'000ms));
	EXPECT_FALSE(talk.hear("t\n", 14'500ms));
	EXPECT_FALSE(talk.check_silence(15'000ms));
}

TEST_F(HeartbeatOfHold, WhatIsNotTheProtocolEndsIt) {
	EXPECT_FALSE(talk.hear("tomorrow's verb 7\n", 1ms));
	for (const std::string& text : {std::string("beat left=x\n"), std::string("beat\0\n", 6),
			 std::string(201, 'x'), std::string("\x1b[2J\n")}) {
		HoldHeartbeat other{5s, 15s, 60s, 0ms};
		const std::optional<TunnelEnd> end = other.hear(text, 1ms);
		ASSERT_TRUE(end) << text;
		EXPECT_EQ(end->bye, Bye::failed);
		EXPECT_EQ(end->reason.find(text), std::string::npos) << "the peer's text is not shown raw";
	}
}

TEST_F(HeartbeatOfHold, ADeafPeerFillsNoMemoryAndEndsIt) {
	EXPECT_FALSE(talk.unsent().empty());
	for (auto now = 5000ms; now < 15'000ms; now += 5000ms) {
		EXPECT_FALSE(talk.hear("beat\n", now));
		talk.speak(50s, now);
		EXPECT_EQ(talk.unsent(), "ready 1 interval=5 limit=15 left=60\n");
	}
	EXPECT_FALSE(talk.hear("beat\n", 14'999ms));
	EXPECT_FALSE(talk.check_silence(14'999ms));
	EXPECT_EQ(talk.check_silence(15'000ms)->bye, Bye::silent);
}

TEST_F(HeartbeatOfHold, TheLastLineComesWholeAfterWhatWasBegun) {
	talk.note_sent(6, 0ms);
	talk.add_bye(Bye::expired);
	EXPECT_EQ(said(0ms), "1 interval=5 limit=15 left=60\nbye expired\n");
	talk.speak(50s, 5000ms);
	talk.add_bye(Bye::blocked);
	EXPECT_EQ(said(5000ms), "bye blocked\n");
}

}    // namespace
}    // namespace rassist::hold
