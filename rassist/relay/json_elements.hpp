// Reads a JSON array of objects one object at a time, so that the whole is never held. In this
// folder json_elements.cpp alone knows jansson.
#pragma once

#include "common/base/lookup.hpp"
#include "common/base/result.hpp"
#include "rassist/relay/byte_source.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace rassist::cli {

/// One object with its values as text: strings are as they stand, arrays of strings are joined by
/// blanks, true and false are yes and no.
struct JsonElement {
	std::size_t line = 0;    ///< where it begins
	/// invalid: the value is of another kind.
	std::vector<std::pair<std::string, Result<std::string>>> values;
};

class JsonElements {
public:
	explicit JsonElements(ByteSource& source) : source_(source) {}
	/// nullopt: the array has ended, and the text with it. invalid, with its line: no array of
	/// objects, an object over 64 KiB, or what is no JSON; what follows cannot be read then.
	[[nodiscard]] Lookup<JsonElement> next();

private:
	ByteSource& source_;
	bool any_ = false;
};

}    // namespace rassist::cli
