// The part of ini.hpp that writes: IniWriter. What only reads records does not link it.
#include "common/base/ini.hpp"
#include "common/base/ini_text.hpp"
#include "common/base/parse.hpp"

#include <algorithm>
#include <stdexcept>

namespace rassist {
namespace {

constexpr std::size_t kWrapAt = 120;

/// Where a value may be broken: no blank on either side (inih strips it), and nothing that would
/// make the next line a comment; not within a UTF-8 character.
bool breaks_at(std::string_view value, std::size_t place) {
	return kIniBlank.find(value[place - 1]) == std::string_view::npos &&
		   kIniBlank.find(value[place]) == std::string_view::npos && value[place] != ';' &&
		   value[place] != '#' && (static_cast<unsigned char>(value[place]) & 0xc0) != 0x80;
}

void require_writable(std::string_view key, std::string_view value) {
	if (!is_ini_name(key) || std::any_of(value.begin(), value.end(), is_ini_control) ||
		trimmed(value) != value || value.starts_with(';') || has_inline_comment(value))
		throw std::logic_error(
			"a value for an INI record that would not be read back: " + std::string(key));
}

}    // namespace

IniWriter::IniWriter(std::string_view section) {
	if (!is_ini_name(section))
		throw std::logic_error("a section's name that would not be read back");
	text_ = "[" + std::string(section) + "]\n";
}

IniWriter& IniWriter::add(std::string_view key, std::string_view value) {
	require_writable(key, value);
	text_ += std::string(key) + " = ";
	while (value.size() > kWrapAt) {
		std::size_t place = kWrapAt;
		while (place > 0 && !breaks_at(value, place))
			--place;
		if (place == 0)
			throw std::logic_error(
				"a value for an INI record that cannot be wrapped: " + std::string(key));
		text_ += std::string(value.substr(0, place)) + "\n  ";
		value.remove_prefix(place);
	}
	text_ += std::string(value) + "\n";
	return *this;
}

IniWriter& IniWriter::add_sentence(std::string_view key, std::string_view sentence) {
	constexpr std::size_t kSentenceMax = 1000;
	std::string plain;
	for (const char c : trimmed(sentence).substr(0, kSentenceMax)) {
		const bool blank = kIniBlank.find(c) != std::string_view::npos;
		// a run of blanks could not be wrapped
		if (blank && (plain.empty() || plain.back() == ' '))
			continue;
		plain += blank ? ' ' : c == ';' ? ',' : is_ini_control(c) ? '?' : c;
	}
	return add_if(key, trimmed(plain));
}

IniWriter& IniWriter::add_if(std::string_view key, std::string_view value) {
	return value.empty() ? *this : add(key, value);
}

}    // namespace rassist
