#include "common/base/parse.hpp"

#include "common/base/system_call.hpp"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <optional>
#include <stdexcept>

namespace rassist {
namespace {

constexpr std::string_view kIdAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::size_t kIdLength = 10;
constexpr std::size_t kLabelMax = 63;
constexpr std::int64_t kLongest = std::int64_t{30} * 24 * 3600;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower_or_digit(char c) { return is_digit(c) || (c >= 'a' && c <= 'z'); }

/// ASCII only: the locale has no say in what a name is.
std::string lowered(std::string_view text) {
	std::string result(text);
	for (char& c : result)
		if (c >= 'A' && c <= 'Z')
			c = static_cast<char>(c - 'A' + 'a');
	return result;
}

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

/// '*' in the pattern stands for any run of characters. One step back to the last '*' at a time:
/// never more than length × length steps.
bool matches(std::string_view pattern, std::string_view text) {
	std::size_t p = 0;
	std::size_t n = 0;
	std::size_t star = std::string_view::npos;
	std::size_t retry = 0;
	while (n < text.size()) {
		if (p < pattern.size() && pattern[p] == '*') {
			star = p++;
			retry = n;
		} else if (p < pattern.size() && pattern[p] == text[n]) {
			++p;
			++n;
		} else if (star != std::string_view::npos) {
			p = star + 1;
			n = ++retry;
		} else {
			return false;
		}
	}
	return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

}    // namespace

std::string quoted(std::string_view text, std::size_t max) {
	constexpr std::string_view kHex = "0123456789abcdef";
	std::string result = "\"";
	for (const char c : text.substr(0, max)) {
		const auto byte = static_cast<unsigned char>(c);
		if (c == '"' || c == '\\') {
			result += '\\';
			result += c;
		} else if (byte < 0x20 || byte > 0x7e) {
			result += "\\x";
			result += kHex[byte >> 4];
			result += kHex[byte & 15];
		} else {
			result += c;
		}
	}
	result += text.size() > max ? "…\"" : "\"";
	return result;
}

Result<std::int64_t> parse_integer(std::string_view text, std::int64_t least, std::int64_t most) {
	std::int64_t number = 0;
	const bool digits = !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
	const std::from_chars_result end =
		std::from_chars(text.data(), text.data() + text.size(), number);
	if (!digits || end.ec != std::errc() || number < least || number > most) {
		return Error{Fault::invalid, quoted(text) + " is not a number from " +
										 std::to_string(least) + " to " + std::to_string(most) +
										 ", digits only"};
	}
	return number;
}

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

Result<bool> parse_yes_no(std::string_view text) {
	constexpr std::array<std::string_view, 4> kYes{"yes", "true", "on", "1"};
	constexpr std::array<std::string_view, 4> kNo{"no", "false", "off", "0"};
	if (std::find(kYes.begin(), kYes.end(), text) != kYes.end())
		return true;
	if (std::find(kNo.begin(), kNo.end(), text) != kNo.end())
		return false;
	return Error{Fault::invalid, quoted(text) + " is neither yes nor no"};
}

std::string format_utc(std::int64_t unix_seconds) {
	const std::time_t time = unix_seconds;
	std::tm parts{};
	std::array<char, 40> text{};
	if (::gmtime_r(&time, &parts) == nullptr ||
		std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
		return "?";
	return text.data();
}

Result<Serial> Serial::parse(std::string_view text) {
	std::string serial = lowered(text);
	const bool good = !serial.empty() && serial.size() <= kLabelMax && serial.front() != '-' &&
					  serial.back() != '-' && std::all_of(serial.begin(), serial.end(), [](char c) {
						  return is_lower_or_digit(c) || c == '-';
					  });
	if (!good)
		return Error{Fault::invalid,
			quoted(text) + " is not a serial: letters a-z, digits, '-' inside, at most 63"};
	return Serial(std::move(serial));
}

Result<Name> Name::parse(std::string_view text) {
	std::string name = lowered(text);
	const bool good = !name.empty() && name.size() <= kLabelMax &&
					  is_lower_or_digit(name.front()) && name.find("..") == std::string::npos &&
					  std::all_of(name.begin(), name.end(), [](char c) {
						  return is_lower_or_digit(c) || c == '.' || c == '_' || c == '-';
					  });
	if (!good)
		return Error{Fault::invalid, quoted(text) +
										 " is not a name: a letter or digit, then letters a-z, "
										 "digits, '.', '_', '-', at most 63, no \"..\""};
	return Name(std::move(name));
}

Result<Id> Id::parse(std::string_view text) {
	if (text.size() != kIdLength || text.find_first_not_of(kIdAlphabet) != std::string_view::npos)
		return Error{Fault::invalid,
			quoted(text) + " is not an id: ten characters of 0-9 and a-z without i, l, o, u"};
	return Id(std::string(text));
}

Id Id::random() {
	std::array<unsigned char, kIdLength> bytes{};
	if (uninterrupted([&] { return ::getrandom(bytes.data(), bytes.size(), 0); }) !=
		static_cast<ssize_t>(bytes.size()))
		throw std::runtime_error("getrandom gave nothing");
	std::string text;
	for (const unsigned char byte : bytes)
		text += kIdAlphabet[byte % kIdAlphabet.size()];    // 32 divides 256: each is as likely
	return Id(std::move(text));
}

Id Id::of_number(std::uint64_t number) {
	std::string text;
	for (std::size_t place = 0; place < kIdLength; ++place, number >>= 5)
		text += kIdAlphabet[number % kIdAlphabet.size()];
	return Id(std::move(text));
}

std::vector<std::string> split_words(std::string_view text) {
	std::vector<std::string> words;
	for (std::size_t begin = text.find_first_not_of(" \t"); begin != std::string_view::npos;
		 begin = text.find_first_not_of(" \t")) {
		text.remove_prefix(begin);
		const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
		words.emplace_back(text.substr(0, end));
		text.remove_prefix(end);
	}
	return words;
}

std::string_view trimmed(std::string_view text) {
	constexpr std::string_view kBlank = " \t\r\n";
	const std::size_t begin = text.find_first_not_of(kBlank);
	if (begin == std::string_view::npos)
		return {};
	return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

Result<Scope> Scope::parse(std::string_view text) {
	if (text.starts_with('@')) {
		const Result<Name> group = Name::parse(text.substr(1));
		if (!group)
			return group.error().within("group after '@'");
		return Scope("@" + group->str());
	}
	std::string pattern = lowered(text);
	const bool good = !pattern.empty() && pattern.size() <= kLabelMax &&
					  std::all_of(pattern.begin(), pattern.end(),
						  [](char c) { return is_lower_or_digit(c) || c == '-' || c == '*'; });
	if (!good)
		return Error{Fault::invalid, quoted(text) +
										 " is not a scope: a serial in which '*' stands for "
										 "anything (\"acme-*\", \"*\"), or \"@group\""};
	return Scope(std::move(pattern));
}

std::optional<Serial> Scope::serial() const {
	const auto serial = Serial::parse(text_);
	return serial ? std::optional(*serial) : std::nullopt;
}

std::optional<Name> Scope::group() const {
	const auto group = text_.front() == '@' ? Name::parse(text_.substr(1)) : Error{};
	return group ? std::optional(*group) : std::nullopt;
}

bool Scope::covers(const Serial& serial, const std::vector<Name>& groups) const {
	if (text_.front() == '@')
		return std::any_of(groups.begin(), groups.end(),
			[&](const Name& group) { return group.str() == std::string_view(text_).substr(1); });
	return matches(text_, serial.str());
}

bool Scope::includes(const Scope& other) const {
	if (text_.find_first_not_of('*') == std::string::npos)
		return true;
	if (text_.front() == '@' || other.text_.front() == '@')
		return text_ == other.text_;
	return matches(text_, other.text_);    // a '*' over there can only be met by one here
}

bool all_within(const std::vector<Scope>& narrow, const std::vector<Scope>& wide) {
	return std::all_of(
		narrow.begin(), narrow.end(),
		[&](const Scope& one) {
			return std::any_of(
				wide.begin(), wide.end(), [&](const Scope& other) { return other.includes(one); });
		});
}

}    // namespace rassist
