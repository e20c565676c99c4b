#include "rassist/relay/nsswitch.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <vector>

namespace rassist::cli {

namespace {

constexpr std::string_view kService = "rassist";
/// libnss_rassist says NOTFOUND of a name below .rassist whose device is closed, and UNAVAIL of all
/// other names. So nobody asks the DNS of the world about devices, and nobody there can answer for
/// one.
constexpr std::string_view kAction = "[NOTFOUND=return]";
constexpr std::string_view kDatabase = "hosts:";

/// A part of the whole text.
struct TextSpan {
	std::size_t begin = 0;
	std::size_t end = 0;
};

bool is_blank(char character) { return character == ' ' || character == '\t' || character == '\r'; }

/// The services of the hosts line: behind "hosts:", without the comment and the blanks at the end.
Result<TextSpan> find_services(std::string_view text) {
	std::vector<TextSpan> found;
	for (std::size_t begin = 0; begin < text.size();) {
		const std::size_t end = std::min(text.find('\n', begin), text.size());
		std::size_t word = begin;
		while (word < end && is_blank(text[word]))
			++word;
		if (text.substr(word, end - word).starts_with(kDatabase)) {
			TextSpan services{word + kDatabase.size(), std::min(text.find('#', word), end)};
			while (services.end > services.begin && is_blank(text[services.end - 1]))
				--services.end;
			found.push_back(services);
		}
		begin = end + 1;
	}
	if (found.empty()) {
		return Error{Fault::not_found,
			"there is no line \"hosts: …\"; one like \"hosts: files dns\" is needed first"};
	}
	if (found.size() > 1) {
		return Error{
			Fault::invalid, "there are " + std::to_string(found.size()) +
								" lines \"hosts: …\"; which one counts is not for us to guess"};
	}
	return found.front();
}

/// The words of the line; what stands in brackets is an action, not a service.
std::vector<TextSpan> split_services(std::string_view text, TextSpan services) {
	std::vector<TextSpan> words;
	for (std::size_t at = services.begin; at < services.end;) {
		if (is_blank(text[at])) {
			++at;
			continue;
		}
		std::size_t end = at;
		if (text[at] == '[')
			end = std::min(text.find(']', at), services.end - 1) + 1;
		else
			while (end < services.end && !is_blank(text[end]) && text[end] != '[')
				++end;
		words.push_back({at, end});
		at = end;
	}
	return words;
}

std::string_view word_in(std::string_view text, TextSpan word) {
	return text.substr(word.begin, word.end - word.begin);
}

}    // namespace

Result<std::string> resolve_nsswitch_file(const std::string& path) {
	const std::unique_ptr<char, decltype(&std::free)> resolved(
		realpath(path.c_str(), nullptr), &std::free);
	if (!resolved)
		return os_error(errno, path);
	return std::string(resolved.get());
}

Result<std::string> add_rassist_service(std::string_view text) {
	const auto services = find_services(text);
	if (!services)
		return services.error();
	const auto words = split_services(text, *services);
	std::string changed(text);
	const auto there = std::ranges::find_if(
		words, [&](TextSpan word) { return word_in(text, word) == kService; });
	const auto before = std::ranges::find_if(words, [&](TextSpan word) {
		return word_in(text, word) == "resolve" || word_in(text, word) == "dns";
	});
	if (there < before)
		return changed;
	if (there != words.end()) {
		const auto without = remove_rassist_service(text);
		return without ? add_rassist_service(*without) : without;
	}
	const std::string ours = std::string(kService) + " " + std::string(kAction);
	if (before == words.end())
		changed.insert(services->end, " " + ours);
	else
		changed.insert(before->begin, ours + " ");
	return changed;
}

Result<std::string> remove_rassist_service(std::string_view text) {
	const auto services = find_services(text);
	if (!services)
		return services.error();
	const auto words = split_services(text, *services);
	const auto ours =
		std::ranges::find_if(words, [&](TextSpan word) { return word_in(text, word) == kService; });
	std::string changed(text);
	if (ours == words.end())
		return changed;
	auto last = ours;
	if (const auto next = std::next(ours); next != words.end() && word_in(text, *next) == kAction)
		last = next;
	std::size_t begin = ours->begin;
	std::size_t end = last->end;
	if (std::next(last) != words.end())
		end += is_blank(text[end]) ? 1 : 0;
	else if (begin > services->begin && is_blank(text[begin - 1]))
		--begin;
	changed.erase(begin, end - begin);
	return changed;
}

}    // namespace rassist::cli
