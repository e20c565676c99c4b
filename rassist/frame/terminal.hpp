// For the person in front of us: it asks for a secret, and writes times and tables as people read
// them.
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

/// Asks on /dev/tty without echo where stdin is a terminal, and else takes the first line of stdin.
/// A signal that ends us leaves the terminal as it was. invalid: nothing was given.
[[nodiscard]] Result<Secret> ask_secret(std::string_view prompt);

/// While it lives there is no core dump, of ours or of a child, for a secret is in memory.
class NoCoreDump {
public:
	NoCoreDump() noexcept;
	~NoCoreDump();
	NoCoreDump(const NoCoreDump&) = delete;
	NoCoreDump& operator=(const NoCoreDump&) = delete;

private:
	rlimit before_{};
};

/// The time in the machine's own zone: "2026-11-21 17:30:00 CET".
[[nodiscard]] std::string format_local_time(std::int64_t unix_seconds);

/// "1 session", "3 sessions"
[[nodiscard]] std::string format_count(std::size_t number, std::string_view what);

/// Makes text from a record fit for a terminal: bytes other than printable ASCII become \xNN.
[[nodiscard]] std::string escape_for_terminal(std::string_view text);

/// Fills a cell up with blanks to the width, with `gap` of them at least: for rows that are printed
/// one by one, at widths set beforehand.
[[nodiscard]] std::string pad_column(std::string text, std::size_t width, std::size_t gap);

/// Columns that are as wide as their widest cell, with two blanks between them. Empty cells are
/// shown as "-".
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
