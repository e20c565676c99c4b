// The part of parse.hpp that says what a scope covers.
#include "common/base/parse.hpp"

#include <algorithm>

namespace rassist {
namespace {

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

bool are_all_within(const std::vector<Scope>& narrow, const std::vector<Scope>& wide) {
	return std::all_of(
		narrow.begin(), narrow.end(),
		[&](const Scope& one) {
			return std::any_of(
				wide.begin(), wide.end(), [&](const Scope& other) { return other.includes(one); });
		});
}

}    // namespace rassist
