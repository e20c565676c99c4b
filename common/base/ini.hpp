// INI text becomes entries that know their line. Only ini.cpp knows inih. inih's shared builds cut
// lines past 200 and names past 50 characters silently: longer ones are refused here before inih
// sees them. A long value (an RSA key) goes on in following lines that begin with white space;
// continued text is joined without a separator.
#pragma once

#include "common/base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace rassist {

struct IniEntry {
	std::string section;
	std::string key;
	std::string value;
	int line = 0;
};

/// `name` stands before each error ("NAME:4: …"). Refused: NUL and control bytes other than tab and
/// newline, a line that is too long, a line that is neither section, key = value nor comment, a key
/// before the first section, a duplicate key in a section, a section that comes twice, a ';' after
/// white space within a line (inih would cut there: comments stand on lines of their own), an
/// indented line that continues nothing, over 64 KiB.
[[nodiscard]] Result<std::vector<IniEntry>> parse_ini(std::string_view text, std::string_view name);

/// One section of a record being read: each key is taken once; finish() refuses what nobody took.
/// A document with a newer minor version keeps its unknown keys unread instead (records only;
/// requests stay strict).
class IniSection {
public:
	/// The document must hold exactly this one section.
	static Result<IniSection> read(
		std::string_view text, std::string_view section, std::string_view name);

	[[nodiscard]] Result<std::string> required(std::string_view key);
	[[nodiscard]] std::string optional(std::string_view key);    ///< "" where it is missing
	[[nodiscard]] bool has(std::string_view key) const;
	/// Reads `version` ("1" or "1.N"): another major is refused; a minor above 0 makes finish()
	/// tolerant.
	[[nodiscard]] Status version();
	[[nodiscard]] Status finish() const;
	/// "NAME:LINE: key: what": an error about the value of a key.
	[[nodiscard]] Error about(std::string_view key, const Error& error) const;

private:
	std::string name_;
	std::string section_;
	std::vector<IniEntry> entries_;
	std::vector<bool> taken_;
	bool tolerant_ = false;
};

/// Writes a record: keys in the order given, long values wrapped so that parse_ini joins them
/// again. A value must hold no control byte but tab, no blank at either end, no ';' at its start or
/// after a blank: that is a broken promise (std::logic_error).
class IniWriter {
public:
	explicit IniWriter(std::string_view section);
	IniWriter& add(std::string_view key, std::string_view value);
	/// not where the value is empty
	IniWriter& add_if(std::string_view key, std::string_view value);
	/// Text for people that came from elsewhere, made such a value: control bytes become '?', ';'
	/// becomes ','; cut at 1000 bytes. Not where it is empty.
	IniWriter& add_sentence(std::string_view key, std::string_view sentence);
	[[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
	std::string text_;
};

}    // namespace rassist
