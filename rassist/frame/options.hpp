// One way to read options for all verbs: --name VALUE, --name=VALUE, `--` ends them, everything
// else is an operand.
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

/// How often an option may be given.
/// 0–1, 1, 0–n; a value of `any` may be several, joined by commas
enum class Count { maybe, once, any };

struct Option {
	std::string_view name;        ///< without the dashes
	std::string_view argument;    ///< "DURATION"; "" for a switch
	Count count = Count::maybe;
};

class Arguments {
public:
	/// Reads the words after the verb. invalid: an unknown option, one without its value or with
	/// one too many, one given twice, one that is missing, too few or too many operands.
	static Result<Arguments> parse(std::span<const Option> options, std::string_view operands,
		std::span<const std::string> words);

	[[nodiscard]] bool has(std::string_view option) const {
		return values_.contains(std::string(option));
	}
	/// "" where it was not given
	[[nodiscard]] std::string value(std::string_view option) const;
	[[nodiscard]] std::vector<std::string> values(std::string_view option) const;    ///< as given
	/// also split at commas
	[[nodiscard]] std::vector<std::string> listed(std::string_view option) const;
	/// nullopt where it was not given.
	[[nodiscard]] Lookup<std::chrono::seconds> duration(std::string_view option) const;
	[[nodiscard]] const std::vector<std::string>& operands() const noexcept { return operands_; }

private:
	std::map<std::string, std::vector<std::string>> values_;
	std::vector<std::string> operands_;
};

/// "[--for DURATION] SERIAL": options and operands as a synopsis shows them.
[[nodiscard]] std::string format_usage(std::span<const Option> options, std::string_view operands);

}    // namespace rassist::cli
