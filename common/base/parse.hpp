// Text from outside becomes a typed value here. Each parser is bounded and takes the whole text;
// its error says what would have been right.
#pragma once

#include "common/base/result.hpp"

#include <array>
#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rassist {

/// Shows the text so that it is safe in a log or on a terminal: in double quotes, control and
/// non-ASCII bytes as \xNN, cut at `max` bytes with "…".
[[nodiscard]] std::string quoted(std::string_view text, std::size_t max = 64);

/// Reads a decimal number, of digits only, within [least, most].
[[nodiscard]] Result<std::int64_t> parse_integer(
	std::string_view text, std::int64_t least, std::int64_t most);
/// "90", "90s", "15m", "2h", "1h30m", "1d". Whole seconds, at least 1 s, at most 30 d.
[[nodiscard]] Result<std::chrono::seconds> parse_duration(std::string_view text);
/// "2h", "1h 5m", "45s": at most two units, for people.
[[nodiscard]] std::string format_duration(std::chrono::seconds duration);
/// "yes|no|true|false|on|off|1|0".
[[nodiscard]] Result<bool> parse_yes_no(std::string_view text);
/// UTC, "2026-11-21T16:20:00Z".
[[nodiscard]] std::string format_utc(std::int64_t unix_seconds);

/// A device's name: one DNS label, [a-z0-9] with inner '-', at most 63. Input is lower-cased,
/// anything else refused.
class Serial {
public:
	static Result<Serial> parse(std::string_view text);
	[[nodiscard]] const std::string& str() const noexcept { return text_; }
	auto operator<=>(const Serial&) const = default;

private:
	explicit Serial(std::string text) : text_(std::move(text)) {}
	std::string text_;
};

/// The name of a person of staff, a relay, a group: [a-z0-9] then [a-z0-9._-], at most 63, no "..".
/// Lower-cased.
class Name {
public:
	static Result<Name> parse(std::string_view text);
	[[nodiscard]] const std::string& str() const noexcept { return text_; }
	auto operator<=>(const Name&) const = default;

private:
	explicit Name(std::string text) : text_(std::move(text)) {}
	std::string text_;
};

/// A correlation or window id: ten characters of [0-9a-z] without i, l, o, u. Not a secret.
class Id {
public:
	static Result<Id> parse(std::string_view text);
	static Id random();                           ///< getrandom(2)
	static Id of_number(std::uint64_t number);    ///< its lowest 50 bits
	[[nodiscard]] const std::string& str() const noexcept { return text_; }
	auto operator<=>(const Id&) const = default;

private:
	explicit Id(std::string text) : text_(std::move(text)) {}
	std::string text_;
};

/// Words separated by blanks or tabs.
[[nodiscard]] std::vector<std::string> split_words(std::string_view text);
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// A staff scope pattern: a serial in which '*' stands for any run of characters ("acme-*", "*"),
/// or "@group".
class Scope {
public:
	static Result<Scope> parse(std::string_view text);
	[[nodiscard]] bool covers(const Serial& serial, const std::vector<Name>& groups) const;
	/// Whether it covers all that the other covers, whatever the groups hold.
	[[nodiscard]] bool includes(const Scope& other) const;
	[[nodiscard]] const std::string& str() const noexcept { return text_; }
	[[nodiscard]] std::optional<Serial> serial() const;    ///< where it names one device alone
	[[nodiscard]] std::optional<Name> group() const;       ///< where it is "@group"

private:
	explicit Scope(std::string text) : text_(std::move(text)) {}
	std::string text_;
};

/// Whether each of `narrow` lies within one of `wide`.
[[nodiscard]] bool are_all_within(const std::vector<Scope>& narrow, const std::vector<Scope>& wide);

}    // namespace rassist
