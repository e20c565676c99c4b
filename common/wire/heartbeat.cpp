#include "common/wire/heartbeat.hpp"

#include "common/base/lookup.hpp"
#include "common/base/parse.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

namespace rassist {
namespace {

constexpr std::size_t kLineMax = 200;
constexpr std::int64_t kLeftMost = std::int64_t{30} * 24 * 3600;

struct ByeWord {
	Bye bye;
	std::string_view word;
};
constexpr std::array<ByeWord, 7> kByes{{
	{Bye::failed, "failed"},
	{Bye::expired, "expired"},
	{Bye::revoked, "revoked"},
	{Bye::blocked, "blocked"},
	{Bye::displaced, "displaced"},
	{Bye::silent, "silent"},
	{Bye::move, "move"},
}};

Error malformed(std::string_view what) {
	return Error{Fault::invalid, "a malformed heartbeat line: " + std::string(what)};
}

/// NAME=NUMBER among the words, each at most once; names of later versions are passed over.
Lookup<std::chrono::seconds> seconds_named(std::span<const std::string> words,
	std::string_view name, std::int64_t least, std::int64_t most) {
	std::optional<std::chrono::seconds> found;
	for (const std::string_view word : words) {
		if (word.substr(0, word.find('=')) != name)
			continue;
		if (found || word.size() == name.size())
			return malformed(std::string(name) + " is given twice or without a value");
		const Result<std::int64_t> number =
			parse_integer(word.substr(name.size() + 1), least, most);
		if (!number)
			return malformed(std::string(name) + "=" + number.error().what);
		found = std::chrono::seconds(*number);
	}
	return found ? Lookup<std::chrono::seconds>(*found) : std::nullopt;
}

Result<std::chrono::seconds> seconds_required(std::span<const std::string> words,
	std::string_view name, std::int64_t least, std::int64_t most) {
	const Lookup<std::chrono::seconds> seconds = seconds_named(words, name, least, most);
	if (seconds.failed())
		return seconds.error();
	if (seconds.absent())
		return malformed(std::string(name) + " is missing");
	return *seconds;
}

Result<HeartbeatLine> parse_ready(std::span<const std::string> words) {
	if (words.size() < 2 || words[1] != "1")
		return malformed("ready is for version 1");
	const std::span<const std::string> named = words.subspan(2);
	const Result<std::chrono::seconds> interval = seconds_required(named, "interval", 1, 60);
	if (!interval)
		return interval.error();
	const Result<std::chrono::seconds> limit = seconds_required(named, "limit", 2, 300);
	if (!limit)
		return limit.error();
	if (*limit <= *interval)
		return malformed("limit is not longer than interval");
	const Result<std::chrono::seconds> left = seconds_required(named, "left", 0, kLeftMost);
	if (!left)
		return left.error();
	return HeartbeatLine{HeartbeatLine::Message::ready, *interval, *limit, *left, Bye::failed};
}

Result<HeartbeatLine> parse_beat(std::span<const std::string> words) {
	const Lookup<std::chrono::seconds> left = seconds_named(words.subspan(1), "left", 0, kLeftMost);
	if (left.failed())
		return left.error();
	HeartbeatLine line;
	line.message = HeartbeatLine::Message::beat;
	line.left = left.optional().value_or(std::chrono::seconds(0));
	return line;
}

Result<HeartbeatLine> parse_bye(std::span<const std::string> words) {
	if (words.size() < 2)
		return malformed("bye without a reason");
	HeartbeatLine line;
	line.message = HeartbeatLine::Message::bye;
	const auto* known = std::find_if(
		kByes.begin(), kByes.end(), [&](const ByeWord& bye) { return bye.word == words[1]; });
	line.bye = known != kByes.end() ? known->bye : Bye::failed;
	return line;
}

bool is_control(char c) {
	const auto byte = static_cast<unsigned char>(c);
	return byte < 0x20 || byte == 0x7f;
}

}    // namespace

std::string_view format_bye(Bye bye) {
	for (const ByeWord& known : kByes)
		if (known.bye == bye)
			return known.word;
	return kByes.front().word;
}

Result<HeartbeatLine> parse_line(std::string_view line) {
	if (line.size() > kLineMax)
		return malformed("longer than " + std::to_string(kLineMax) + " bytes");
	if (std::any_of(line.begin(), line.end(), is_control))
		return malformed("a control byte");
	const std::vector<std::string> words = split_words(line);
	if (words.empty())
		return HeartbeatLine{};
	if (words[0] == "ready")
		return parse_ready(words);
	if (words[0] == "beat")
		return parse_beat(words);
	if (words[0] == "twin") {
		HeartbeatLine twin;
		twin.message = HeartbeatLine::Message::twin;
		return twin;
	}
	if (words[0] == "bye")
		return parse_bye(words);
	return HeartbeatLine{};
}

std::string format_line(const HeartbeatLine& line) {
	const auto number = [](std::chrono::seconds seconds) {
		return std::to_string(seconds.count());
	};
	switch (line.message) {
	case HeartbeatLine::Message::ready:
		return "ready 1 interval=" + number(line.interval) + " limit=" + number(line.limit) +
			   " left=" + number(line.left) + "\n";
	case HeartbeatLine::Message::beat:
		return line.left.count() > 0 ? "beat left=" + number(line.left) + "\n" : "beat\n";
	case HeartbeatLine::Message::twin:
		return "twin\n";
	case HeartbeatLine::Message::bye:
		return "bye " + std::string(format_bye(line.bye)) + "\n";
	case HeartbeatLine::Message::unknown:
		break;
	}
	return "\n";
}

Status HeartbeatReader::feed(std::string_view bytes) {
	for (const char c : bytes) {
		if (broken_)
			break;
		unfinished_ = c == '\n' ? 0 : unfinished_ + 1;
		broken_ = unfinished_ > kLineMax || (c != '\n' && is_control(c));
		if (!broken_)
			buffer_ += c;
	}
	if (broken_)
		return malformed(
			"longer than " + std::to_string(kLineMax) + " bytes, or a control byte in it");
	return Done{};
}

std::optional<std::string> HeartbeatReader::next() {
	const std::size_t end = buffer_.find('\n');
	if (end == std::string::npos)
		return std::nullopt;
	std::string line = buffer_.substr(0, end);
	buffer_.erase(0, end + 1);
	return line;
}

}    // namespace rassist
