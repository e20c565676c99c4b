#include "common/wire/heartbeat.hpp"

#include <gtest/gtest.h>

namespace rassist {
namespace {

using namespace std::chrono_literals;

TEST(Heartbeat, LinesAreReadBackAsWritten) {
	const HeartbeatLine ready{HeartbeatLine::Message::ready, 5s, 15s, 3600s, Bye::failed};
	EXPECT_EQ(format_line(ready), "ready 1 interval=5 limit=15 left=3600\n");
	const Result<HeartbeatLine> again = parse_line("ready 1 interval=5 limit=15 left=3600");
	ASSERT_TRUE(again);
	EXPECT_EQ(again->message, HeartbeatLine::Message::ready);
	EXPECT_EQ(again->interval, 5s);
	EXPECT_EQ(again->limit, 15s);
	EXPECT_EQ(again->left, 3600s);
	HeartbeatLine beat;
	beat.message = HeartbeatLine::Message::beat;
	EXPECT_EQ(format_line(beat), "beat\n");
	beat.left = 3590s;
	EXPECT_EQ(format_line(beat), "beat left=3590\n");
	EXPECT_EQ(parse_line("beat left=3590")->left, 3590s);
	EXPECT_EQ(parse_line("beat")->message, HeartbeatLine::Message::beat);
	HeartbeatLine twin;
	twin.message = HeartbeatLine::Message::twin;
	EXPECT_EQ(format_line(twin), "twin\n");
	EXPECT_EQ(parse_line("twin")->message, HeartbeatLine::Message::twin);
	for (const Bye bye : {Bye::failed, Bye::expired, Bye::revoked, Bye::blocked, Bye::displaced,
			 Bye::silent, Bye::move}) {
		HeartbeatLine line;
		line.message = HeartbeatLine::Message::bye;
		line.bye = bye;
		const std::string text = format_line(line);
		const Result<HeartbeatLine> parsed =
			parse_line(std::string_view(text).substr(0, text.size() - 1));
		ASSERT_TRUE(parsed);
		EXPECT_EQ(parsed->message, HeartbeatLine::Message::bye);
		EXPECT_EQ(parsed->bye, bye);
	}
}

TEST(Heartbeat, LaterVersionsMayAdd) {
	for (const char* line : {"hello", "resume 7", "", "   ", "READY 1", "beatless"})
		EXPECT_EQ(parse_line(line)->message, HeartbeatLine::Message::unknown) << line;
	EXPECT_EQ(parse_line("beat left=5 load=3")->left, 5s);
	EXPECT_EQ(parse_line("ready 1 interval=5 limit=15 left=60 mux=yes")->left, 60s);
	EXPECT_EQ(parse_line("bye upgrade")->bye, Bye::failed);
	EXPECT_EQ(parse_line("bye move relay2.example.com")->bye, Bye::move);
}

TEST(Heartbeat, RefusesMalformedKnownVerbs) {
	for (const std::string& bad :
		{std::string("ready"), std::string("ready 2 interval=5 limit=15 left=60"),
			std::string("ready 1"), std::string("ready 1 limit=15 left=60"),
			std::string("ready 1 interval=5 left=60"), std::string("ready 1 interval=5 limit=15"),
			std::string("ready 1 interval=0 limit=15 left=60"),
			std::string("ready 1 interval=61 limit=150 left=60"),
			std::string("ready 1 interval=1 limit=1 left=60"),
			std::string("ready 1 interval=5 limit=301 left=60"),
			std::string("ready 1 interval=15 limit=15 left=60"),
			std::string("ready 1 interval=5 interval=6 limit=15 left=60"),
			std::string("ready 1 interval=5 limit=15 left=-1"),
			std::string("ready 1 interval=5 limit=15 left=99999999"), std::string("beat left="),
			std::string("beat left"), std::string("beat left=x"), std::string("beat left=5 left=6"),
			std::string("bye"), std::string("beat\tleft=5"), std::string("beat\r"),
			std::string("beat\0", 5), "beat " + std::string(200, 'x')})
		EXPECT_EQ(parse_line(bad).error().code, Fault::invalid) << bad;
}

TEST(HeartbeatReader, SplitsWhateverThePieces) {
	HeartbeatReader reader;
	ASSERT_TRUE(reader.feed("be"));
	EXPECT_FALSE(reader.next());
	ASSERT_TRUE(reader.feed("at\nbye exp"));
	EXPECT_EQ(reader.next(), "beat");
	EXPECT_FALSE(reader.next());
	ASSERT_TRUE(reader.feed("ired\n\nx\n"));
	EXPECT_EQ(reader.next(), "bye expired");
	EXPECT_EQ(reader.next(), "");
	EXPECT_EQ(reader.next(), "x");
	EXPECT_FALSE(reader.next());
}

TEST(HeartbeatReader, LongLineOrControlByteEndsItForGood) {
	for (const std::string& bad : {std::string(201, 'x'), std::string("beat\r\n"),
			 std::string("\0", 1), std::string("a\x1b"), std::string("\x7f")}) {
		HeartbeatReader reader;
		ASSERT_TRUE(reader.feed("beat\n"));
		EXPECT_EQ(reader.feed(bad).error().code, Fault::invalid);
		EXPECT_FALSE(reader.feed("beat\n")) << "stays an error";
		EXPECT_EQ(reader.next(), "beat") << "what came before is good";
		EXPECT_FALSE(reader.next());
	}
	HeartbeatReader reader;
	EXPECT_TRUE(reader.feed(std::string(200, 'x') + "\n"));
	EXPECT_TRUE(reader.feed(std::string(150, 'x')));
	EXPECT_FALSE(reader.feed(std::string(51, 'x'))) << "in pieces, too";
}

}    // namespace
}    // namespace rassist
