#include "rassist/frame/options.hpp"

#include "common/base/lookup.hpp"
#include "common/base/parse.hpp"

#include <algorithm>

namespace rassist::cli {

namespace {

Error error_invalid(std::string what) { return Error{Fault::invalid, std::move(what)}; }

const Option* find_option(std::span<const Option> options, std::string_view name) {
	const auto found = std::ranges::find(options, name, &Option::name);
	return found == options.end() ? nullptr : &*found;
}

Error error_lacks_value(const Option& option) {
	const std::string shown = "--" + std::string(option.name);
	return error_invalid(shown + " needs a value: " + shown + " " + std::string(option.argument));
}

bool is_repeatable(const Option& option) { return option.count == OptionCount::any; }

/// "[SERIAL]" may be left out, "RELAY[:PORT]" not, "WORD…" may come more than once.
Status check_operands(std::string_view operands, const std::vector<std::string>& given) {
	const auto words = split_words(operands);
	const auto least = static_cast<std::size_t>(std::ranges::count_if(
		words, [](const std::string& word) { return !word.starts_with('['); }));
	const bool endless = !words.empty() && words.back().find("…") != std::string::npos;
	if (given.size() < least)
		return error_invalid(words[given.size()] + " is missing");
	if (given.size() > words.size() && !endless)
		return error_invalid("too many arguments: " + quoted(given[words.size()]));
	return Done{};
}

/// "--name", "--name=value"
struct GivenOption {
	std::string name;
	std::optional<std::string> value;
};

GivenOption split_option(std::string_view word) {
	word.remove_prefix(2);
	const auto equals = word.find('=');
	if (equals == std::string_view::npos)
		return {std::string(word), std::nullopt};
	return {std::string(word.substr(0, equals)), std::string(word.substr(equals + 1))};
}

}    // namespace

Result<Arguments> Arguments::parse(std::span<const Option> options, std::string_view operands,
	std::span<const std::string> words) {
	Arguments result;
	bool options_over = false;
	for (std::size_t i = 0; i < words.size(); ++i) {
		const std::string& word = words[i];
		if (options_over || word.size() < 2 || word[0] != '-') {
			result.operands_.push_back(word);
			continue;
		}
		if (word == "--") {
			options_over = true;
			continue;
		}
		GivenOption given =
			word.starts_with("--") ? split_option(word) : GivenOption{word, std::nullopt};
		const Option* option = find_option(options, given.name);
		if (option == nullptr)
			return error_invalid("unknown option " + quoted(word));
		const std::string shown = "--" + given.name;
		if (option->argument.empty() && given.value)
			return error_invalid(shown + " takes no value");
		if (!option->argument.empty() && !given.value) {
			if (++i == words.size())
				return error_lacks_value(*option);
			given.value = words[i];
		}
		auto& values = result.values_[given.name];
		if (!values.empty() && !is_repeatable(*option))
			return error_invalid(shown + " is given twice");
		values.push_back(given.value.value_or(""));
	}
	for (const Option& option : options) {
		if (option.count == OptionCount::once && !result.has(option.name)) {
			return error_invalid("--" + std::string(option.name) + " " +
								 std::string(option.argument) + " is missing");
		}
	}
	if (auto fine = check_operands(operands, result.operands_); !fine)
		return std::move(fine).error();
	return result;
}

std::string Arguments::value(std::string_view option) const {
	const auto found = values_.find(std::string(option));
	return found == values_.end() ? std::string() : found->second.front();
}

std::vector<std::string> Arguments::values(std::string_view option) const {
	const auto found = values_.find(std::string(option));
	return found == values_.end() ? std::vector<std::string>() : found->second;
}

std::vector<std::string> Arguments::listed(std::string_view option) const {
	std::vector<std::string> all;
	for (std::string value : values(option)) {
		std::ranges::replace(value, ',', ' ');
		std::ranges::move(split_words(value), std::back_inserter(all));
	}
	return all;
}

Lookup<std::chrono::seconds> Arguments::duration(std::string_view option) const {
	if (!has(option))
		return std::nullopt;
	auto parsed = parse_duration(value(option));
	if (!parsed)
		return std::move(parsed).error().within("--" + std::string(option));
	return *parsed;
}

std::string format_usage(std::span<const Option> options, std::string_view operands) {
	std::string text(operands);
	for (const Option& option : options) {
		std::string one = "--" + std::string(option.name);
		if (!option.argument.empty())
			one += " " + std::string(option.argument);
		if (option.count != OptionCount::once)
			one.insert(0, "[").append("]");
		if (is_repeatable(option))
			one += "…";
		text += (text.empty() ? "" : " ") + one;
	}
	return text;
}

}    // namespace rassist::cli
