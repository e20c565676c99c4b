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

}    // namespace rassist
