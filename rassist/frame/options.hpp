// The one way in which all verbs read options: --name VALUE or --name=VALUE; `--` ends them, and
// everything else is an operand.
#pragma once

#include "common/base/lookup.hpp"
#include "common/base/result.hpp"

#include <chrono>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rassist::cli {

/// How often an option may be given: at most once, exactly once, any number of times. A value of
/// `any` may be several, joined by commas.
enum class OptionCount { maybe, once, any };

struct Option {
	std::string_view name;        ///< without the dashes
	std::string_view argument;    ///< "DURATION"; "" for a switch
	OptionCount count = OptionCount::maybe;
};

class Arguments {
public:
	/// Reads the words after the verb. invalid: an option is unknown, is without its value or has
	/// one too many, is given twice or is missing; there are too few or too many operands.
	static Result<Arguments> parse(std::span<const Option> options, std::string_view operands,
		std::span<const std::string> words);

	[[nodiscard]] bool has(std::string_view option) const {
		return values_.contains(std::string(option));
	}
	/// "" where the option was not given.
	[[nodiscard]] std::string value(std::string_view option) const;
	[[nodiscard]] std::vector<std::string> values(std::string_view option) const;    ///< as given
	/// Its values, each also split at commas.
	[[nodiscard]] std::vector<std::string> listed(std::string_view option) const;
	/// nullopt where it was not given.
	[[nodiscard]] Lookup<std::chrono::seconds> duration(std::string_view option) const;
	[[nodiscard]] const std::vector<std::string>& operands() const noexcept { return operands_; }

private:
	std::map<std::string, std::vector<std::string>> values_;
	std::vector<std::string> operands_;
};

/// Options and operands as a synopsis shows them: "[--for DURATION] SERIAL".
[[nodiscard]] std::string format_usage(std::span<const Option> options, std::string_view operands);

}    // namespace rassist::cli
