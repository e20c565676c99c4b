#include "common/base/ini_text.hpp"

#include <algorithm>

namespace rassist {
namespace {

constexpr std::size_t kNameMax = 49;    // inih: MAX_SECTION and MAX_NAME 50 with the end

}    // namespace

bool is_ini_control(char c) {
	return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
}

bool is_ini_name(std::string_view text) {
	return !text.empty() && text.size() <= kNameMax &&
		   std::all_of(
			   text.begin(), text.end(),
			   [](char c) {
				   return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
						  (c >= '0' && c <= '9') || c == '-' || c == '_';
			   });
}

bool has_inline_comment(std::string_view text) {
	for (std::size_t i = 1; i < text.size(); ++i)
		if (text[i] == ';' && kIniBlank.find(text[i - 1]) != std::string_view::npos)
			return true;
	return false;
}

}    // namespace rassist
