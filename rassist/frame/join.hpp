// Texts in a row.
#pragma once

#include <string>
#include <string_view>

namespace rassist::cli {

/// Strings, or values that have one (`str()`), with the separator between them.
template <class Texts> std::string join_texts(const Texts& texts, std::string_view separator) {
	std::string joined;
	bool first = true;
	for (const auto& text : texts) {
		if (!first)
			joined += separator;
		first = false;
		if constexpr (requires { text.str(); })
			joined += text.str();
		else
			joined += text;
	}
	return joined;
}

}    // namespace rassist::cli
