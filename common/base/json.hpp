// JSON that our programs print. The only file (json.cpp) that makes it by jansson.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct json_t;

namespace rassist {

class Json {
public:
	/// Whether JSON can carry the text as it is: it is UTF-8.
	[[nodiscard]] static bool carries(std::string_view text);

	static Json object();
	static Json array();

	/// Text that is not UTF-8 is shown as quoted() has it.
	Json& text(const char* key, std::string_view value);
	Json& text_or_null(const char* key, std::string_view value);    ///< null where it is empty
	Json& number(const char* key, std::int64_t value);
	Json& flag(const char* key, bool value);
	Json& null(const char* key);
	Json& put(const char* key, Json value);
	Json& add(Json value);    ///< to an array
	Json& add(std::string_view value);

	/// Keys in the order they were set, indented, no newline at the end.
	[[nodiscard]] std::string print() const;

private:
	explicit Json(json_t* node);
	struct Release {
		void operator()(json_t* node) const noexcept;
	};
	std::unique_ptr<json_t, Release> node_;
};

}    // namespace rassist
