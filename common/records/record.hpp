// What the parsers of records share: a key's value by its parse function, and the values most of
// them have.
#pragma once

#include "common/base/ini.hpp"
#include "common/base/parse.hpp"
#include "common/base/result.hpp"
#include "common/keys/public_key.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rassist {

/// Parses the value of a required key; the error names the place.
template <class Parse>
[[nodiscard]] auto read_field(IniSection& section, std::string_view key, Parse parse)
	-> decltype(parse(std::string_view())) {
	const auto text = section.required(key);
	if (!text)
		return text.error();
	auto value = parse(std::string_view(*text));
	if (!value)
		return section.about(key, value.error());
	return value;
}

/// Parses each word of a key that may be missing.
template <class T, class Parse>
[[nodiscard]] Result<std::vector<T>> read_words(
	IniSection& section, std::string_view key, Parse parse) {
	std::vector<T> values;
	for (const auto& word : split_words(section.optional(key))) {
		auto value = parse(std::string_view(word));
		if (!value)
			return section.about(key, value.error());
		values.push_back(std::move(*value));
	}
	return values;
}

template <class T, class Format>
[[nodiscard]] std::string join_words(const std::vector<T>& values, Format format) {
	std::string text;
	for (const T& value : values)
		text += (text.empty() ? "" : " ") + format(value);
	return text;
}

/// Reads a number of 0 and above: UTC seconds, sequence numbers, ids of the kernel.
[[nodiscard]] Result<std::int64_t> parse_count(std::string_view text);
/// Refuses a note that a record cannot carry: it must be one line of at most 120 bytes that an INI
/// record gives back as it was. The writer of a record asks this first.
[[nodiscard]] Status check_note(std::string_view text);
/// Reads the key note and checks it; "" where it is missing.
[[nodiscard]] Result<std::string> read_note(IniSection& section);
/// Reads a public key from the keys key-type and key.
[[nodiscard]] Result<PublicKey> read_key(IniSection& section);

}    // namespace rassist
