// The one-time code: 60 bits as 12 Crockford base32 characters and one check character,
// K7QF-2M9X-TB4DE. The format is in docs/code-format.md.
#pragma once

#include "common/base/result.hpp"
#include "common/base/secret.hpp"

#include <string_view>

namespace rassist {

class Code {
public:
	static Code random();    ///< getrandom(2); aborts where the system has none
	/// Forgiving: case, dashes, white space, O for 0, I and L for 1. Every single wrong character
	/// and every swap of neighbours is caught by the check character. The error never repeats the
	/// input.
	static Result<Code> parse(std::string_view text);

	/// 13 characters, upper case, no dashes
	[[nodiscard]] std::string_view canonical() const noexcept { return text_.text(); }
	/// with dashes, as people read it
	[[nodiscard]] Secret written() const;
	/// constant time
	[[nodiscard]] bool equals(const Code& other) const noexcept;
	[[nodiscard]] Code clone() const { return Code(text_.clone()); }

private:
	explicit Code(Secret text) : text_(std::move(text)) {}
	Secret text_;
};

}    // namespace rassist
