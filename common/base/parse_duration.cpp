// The part of parse.hpp that knows durations.
#include "common/base/parse.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace rassist {
namespace {

constexpr std::int64_t kLongest = std::int64_t{30} * 24 * 3600;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct DurationUnit {
	char letter;
	std::int64_t seconds;
};
constexpr std::array<DurationUnit, 4> kUnits{{{'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}}};

/// Digits at the front, taken off; nullopt where there are none or far too many.
std::optional<std::int64_t> take_number(std::string_view& text) {
	std::size_t length = 0;
	while (length < text.size() && is_digit(text[length]))
		++length;
	if (length == 0 || length > 9)
		return std::nullopt;
	std::int64_t number = 0;
	std::from_chars(text.data(), text.data() + length, number);
	text.remove_prefix(length);
	return number;
}

/// Units fall from left to right, each at most once; seconds may go without their letter where they
/// stand alone.
std::optional<std::int64_t> sum_of_units(std::string_view text) {
	if (text.empty())
		return std::nullopt;
	std::int64_t total = 0;
	std::size_t next = 0;
	for (bool first = true; !text.empty(); first = false) {
		const std::optional<std::int64_t> number = take_number(text);
		if (!number)
			return std::nullopt;
		if (text.empty())
			return first ? number : std::nullopt;
		while (next < kUnits.size() && kUnits[next].letter != text.front())
			++next;
		if (next == kUnits.size())
			return std::nullopt;
		total += *number * kUnits[next++].seconds;
		text.remove_prefix(1);
	}
	return total;
}

}    // namespace

Result<std::chrono::seconds> parse_duration(std::string_view text) {
	const std::optional<std::int64_t> seconds = sum_of_units(text);
	if (!seconds)
		return Error{
			Fault::invalid, quoted(text) + " is not a duration: write 90s, 15m, 2h, 1h30m or 1d"};
	if (*seconds < 1 || *seconds > kLongest)
		return Error{Fault::invalid,
			quoted(text) + " is out of range: a duration is at least 1s and at most 30d"};
	return std::chrono::seconds(*seconds);
}

std::string format_duration(std::chrono::seconds duration) {
	std::int64_t left = std::max<std::int64_t>(duration.count(), 0);
	for (std::size_t i = 0; i < kUnits.size(); ++i) {
		const std::int64_t many = left / kUnits[i].seconds;
		if (many == 0)
			continue;
		std::string text = std::to_string(many) + kUnits[i].letter;
		left %= kUnits[i].seconds;
		if (i + 1 < kUnits.size() && left / kUnits[i + 1].seconds > 0)
			text += " " + std::to_string(left / kUnits[i + 1].seconds) + kUnits[i + 1].letter;
		return text;
	}
	return "0s";
}

}    // namespace rassist
