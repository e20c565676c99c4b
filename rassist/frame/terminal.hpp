// The person in front of us: asking for a secret, times and tables as people read them.
#pragma once

#include "common/base/result.hpp"
#include "common/base/secret.hpp"

#include <sys/resource.h>

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace rassist::cli {

/// Asks on /dev/tty without echo where stdin is a terminal, else takes the first line of stdin. A
/// signal that ends us finds the terminal as it was. invalid: nothing was given.
[[nodiscard]] Result<Secret> ask_secret(std::string_view prompt);

/// No core dump while it lives, ours or a child's: a secret is about.
class NoCoreDump {
public:
	NoCoreDump() noexcept;
	~NoCoreDump();
	NoCoreDump(const NoCoreDump&) = delete;
	NoCoreDump& operator=(const NoCoreDump&) = delete;

private:
	rlimit before_{};
};

/// "2026-11-21 17:30:00 CET": the machine's own time.
[[nodiscard]] std::string format_local_time(std::int64_t unix_seconds);

/// "1 session", "3 sessions"
[[nodiscard]] std::string format_count(std::size_t number, std::string_view what);

/// Text from a record, fit for a terminal: control bytes shown as \xNN.
[[nodiscard]] std::string escape_for_terminal(std::string_view text);

/// For rows that are printed one by one, at widths set beforehand: blanks up to the width, `gap` of
/// them at least.
[[nodiscard]] std::string pad_column(std::string text, std::size_t width, std::size_t gap);

/// Columns as wide as their widest cell, two blanks between. Empty cells are shown as "-".
class Columns {
public:
	explicit Columns(std::vector<std::string> titles) : rows_{std::move(titles)} {}
	void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
	[[nodiscard]] bool empty() const { return rows_.size() < 2; }
	void print(std::ostream& out) const;

private:
	std::vector<std::vector<std::string>> rows_;
};

}    // namespace rassist::cli
