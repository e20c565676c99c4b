#include "common/base/ini.hpp"

#include "common/base/ini_text.hpp"
#include "common/base/parse.hpp"

#include <ini.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace rassist {
namespace {

constexpr std::size_t kDocumentMax = 64 * 1024;
// inih: INI_MAX_LINE 200, three of them for "\r\n" and the end
constexpr std::size_t kLineMax = 190;

/// What inih will make of a line. It calls its handler for each key and each continuation, in this
/// order and without their numbers.
struct HandlerCall {
	int line = 0;
	bool continues = false;
};

struct Outline {
	std::vector<std::string> sections;
	std::vector<HandlerCall> calls;
};

Error at(std::string_view name, int line, std::string what) {
	return Error{
		Fault::invalid, std::string(name) + ":" + std::to_string(line) + ": " + std::move(what)};
}

/// Goes over the lines as inih will, and refuses whatever inih would cut, guess, or take
/// differently from build to build.
class Scan {
public:
	Result<Outline> run(std::string_view text, std::string_view name) {
		if (text.size() > kDocumentMax)
			return Error{Fault::too_large, std::string(name) + ": " + std::to_string(text.size()) +
											   " bytes, at most " + std::to_string(kDocumentMax)};
		for (int line = 1; !text.empty(); ++line) {
			const std::size_t end = std::min(text.find('\n'), text.size());
			if (std::optional<std::string> wrong = take(text.substr(0, end), line))
				return at(name, line, std::move(*wrong));
			text.remove_prefix(std::min(end + 1, text.size()));
		}
		return std::move(outline_);
	}

private:
	/// What is wrong with the line.
	std::optional<std::string> take(std::string_view line, int number) {
		if (std::any_of(line.begin(), line.end(), is_ini_control))
			return "a control character; only text is read here";
		if (line.size() > kLineMax)
			return "longer than " + std::to_string(kLineMax) +
				   " characters; a long value may go on in lines that begin with white space";
		const std::string_view inner = trimmed(line);
		const bool follows = std::exchange(in_value_, false);
		if (inner.empty() || inner.front() == ';' || inner.front() == '#')
			return std::nullopt;
		if (has_inline_comment(line))
			return "';' after white space; a comment stands on a line of its own";
		if (kIniBlank.find(line.front()) != std::string_view::npos)
			return take_continuation(number, follows);
		return inner.front() == '[' ? take_section(inner) : take_key(inner, number);
	}

	std::optional<std::string> take_continuation(int number, bool follows) {
		if (!follows)
			return "begins with white space, but goes on with no value of the line above";
		outline_.calls.push_back({number, true});
		in_value_ = true;
		return std::nullopt;
	}

	std::optional<std::string> take_section(std::string_view inner) {
		const std::string_view section = inner.substr(1, inner.size() - 2);
		if (inner.back() != ']' || !is_ini_name(section))
			return quoted(inner) + " is not a section: write [name]";
		if (std::find(outline_.sections.begin(), outline_.sections.end(), section) !=
			outline_.sections.end())
			return "section " + std::string(inner) + " comes twice";
		outline_.sections.emplace_back(section);
		keys_.clear();
		return std::nullopt;
	}

	std::optional<std::string> take_key(std::string_view inner, int number) {
		const std::size_t separator = inner.find('=');
		const std::string_view key = trimmed(inner.substr(0, separator));
		if (separator == std::string_view::npos || !is_ini_name(key))
			return quoted(inner, 32) + " is neither [section], key = value nor a comment";
		if (outline_.sections.empty())
			return "key '" + std::string(key) + "' stands before the first [section]";
		if (std::find(keys_.begin(), keys_.end(), key) != keys_.end())
			return "key '" + std::string(key) + "' comes twice in [" + outline_.sections.back() +
				   "]";
		keys_.emplace_back(key);
		outline_.calls.push_back({number, false});
		in_value_ = true;
		return std::nullopt;
	}

	Outline outline_;
	std::vector<std::string> keys_;    // of the section at hand
	bool in_value_ = false;            // the line above was a key or a continuation
};

/// What inih's handler fills.
struct Collected {
	const std::vector<HandlerCall>& expected;
	std::size_t calls = 0;
	std::vector<IniEntry> entries;
	bool broken = false;
};

extern "C" int collect(
	void* user, const char* section, const char* name, const char* value) noexcept {
	Collected& into = *static_cast<Collected*>(user);
	try {
		if (into.calls >= into.expected.size() || value == nullptr) {
			into.broken = true;
			return 0;
		}
		const HandlerCall call = into.expected[into.calls++];
		if (!call.continues)
			into.entries.push_back({section, name, value, call.line});
		else if (!into.entries.empty() && into.entries.back().key == name)
			into.entries.back().value += value;
		else
			into.broken = true;
	} catch (...) {    // memory; nothing may fly through C
		into.broken = true;
	}
	return into.broken ? 0 : 1;
}

struct Document {
	std::vector<std::string> sections;
	std::vector<IniEntry> entries;
};

Result<Document> parse_document(std::string_view text, std::string_view name) {
	Result<Outline> outline = Scan().run(text, name);
	if (!outline)
		return std::move(outline).error();
	Collected collected{outline->calls, 0, {}, false};
	const int failed = ::ini_parse_string(std::string(text).c_str(), collect, &collected);
	if (failed > 0)
		return at(name, failed, "is neither [section], key = value nor a comment");
	if (failed < 0 || collected.broken || collected.calls != outline->calls.size())
		return Error{
			Fault::internal, std::string(name) + ": inih reads it otherwise than line by line"};
	return Document{std::move(outline->sections), std::move(collected.entries)};
}

std::size_t index_of(const std::vector<IniEntry>& entries, std::string_view key) {
	const auto found = std::find_if(
		entries.begin(), entries.end(), [&](const IniEntry& entry) { return entry.key == key; });
	return static_cast<std::size_t>(found - entries.begin());
}

}    // namespace

Result<std::vector<IniEntry>> parse_ini(std::string_view text, std::string_view name) {
	Result<Document> document = parse_document(text, name);
	if (!document)
		return std::move(document).error();
	return std::move(document->entries);
}

Result<IniSection> IniSection::read(
	std::string_view text, std::string_view section, std::string_view name) {
	Result<Document> document = parse_document(text, name);
	if (!document)
		return std::move(document).error();
	if (document->sections.size() != 1 || document->sections.front() != section)
		return Error{Fault::invalid,
			std::string(name) + ": must hold one section, [" + std::string(section) + "]"};
	IniSection result;
	result.name_ = name;
	result.section_ = section;
	result.entries_ = std::move(document->entries);
	result.taken_.resize(result.entries_.size());
	return result;
}

Result<std::string> IniSection::required(std::string_view key) {
	const std::size_t index = index_of(entries_, key);
	if (index == entries_.size())
		return Error{Fault::invalid,
			name_ + ": key '" + std::string(key) + "' is missing in [" + section_ + "]"};
	taken_[index] = true;
	if (entries_[index].value.empty())
		return about(key, Error{Fault::invalid, "must not be empty"});
	return entries_[index].value;
}

std::string IniSection::optional(std::string_view key) {
	const std::size_t index = index_of(entries_, key);
	if (index == entries_.size())
		return {};
	taken_[index] = true;
	return entries_[index].value;
}

bool IniSection::has(std::string_view key) const {
	return index_of(entries_, key) != entries_.size();
}

Status IniSection::version() {
	const Result<std::string> text = required("version");
	if (!text)
		return text.error();
	if (*text == "1")
		return Done{};
	const bool minor =
		text->starts_with("1.") && parse_integer(std::string_view(*text).substr(2), 0, 9999).ok();
	if (!minor)
		return about(
			"version", Error{Fault::unsupported, quoted(*text) + " is not a version read here: 1"});
	tolerant_ = *text != "1.0";
	return Done{};
}

Status IniSection::finish() const {
	for (std::size_t i = 0; !tolerant_ && i < entries_.size(); ++i) {
		if (!taken_[i])
			return at(name_, entries_[i].line,
				"unknown key " + quoted(entries_[i].key) + " in [" + section_ + "]");
	}
	return Done{};
}

Error IniSection::about(std::string_view key, const Error& error) const {
	const std::size_t index = index_of(entries_, key);
	const std::string place =
		index < entries_.size() ? ":" + std::to_string(entries_[index].line) : std::string();
	return error.within(name_ + place + ": " + std::string(key));
}

}    // namespace rassist
