// What the doctor found wrong: it has a sentence for a person, how to mend it, and, where that can
// do no harm, the command that does.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rassist::cli::doctor {

/// The levels are as monitoring counts (Nagios plugin API): the exit code is the worst of them.
enum class Level { ok = 0, warning = 1, fault = 2 };

using Argv = std::vector<std::string>;    ///< the first is an absolute path

struct Finding {
	Level level = Level::fault;
	std::string role;     ///< device, relay, support
	std::string check;    ///< the check's word in the table
	std::string what;     ///< names the file, unit, account or relay
	std::string mend;     ///< what to do about it
	Argv safe;            ///< what `--fix` runs; empty: a person has to decide
};

class Findings {
public:
	void fault(std::string what, std::string mend, Argv safe = {}) {
		add(Level::fault, std::move(what), std::move(mend), std::move(safe));
	}
	void warning(std::string what, std::string mend, Argv safe = {}) {
		add(Level::warning, std::move(what), std::move(mend), std::move(safe));
	}

	/// What is told from here on is of this check.
	void begin(std::string_view role, std::string_view check) {
		role_ = role;
		check_ = check;
	}
	[[nodiscard]] const std::vector<Finding>& all() const { return all_; }
	/// Whether that check has told of this file already: what follows from it is not told again.
	[[nodiscard]] bool tells_of(std::string_view check, std::string_view file) const {
		return std::ranges::any_of(
			all_,
			[&](const Finding& one) {
				return one.check == check && one.what.starts_with(std::string(file) + " ");
			});
	}

private:
	void add(Level level, std::string what, std::string mend, Argv safe) {
		all_.push_back({level, role_, check_, std::move(what), std::move(mend), std::move(safe)});
	}
	std::string role_;
	std::string check_;
	std::vector<Finding> all_;
};

}    // namespace rassist::cli::doctor
