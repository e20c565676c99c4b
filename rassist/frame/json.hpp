// JSON that the command line prints. The only file (json.cpp) that knows jansson.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

struct json_t;

namespace rassist::cli {

class Json {
public:
	static Json object();
	static Json array();

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

/// An array too long to be held: its elements are printed one by one. The destructor closes it.
class JsonList {
public:
	explicit JsonList(std::ostream& out) : out_(out) {}
	JsonList(const JsonList&) = delete;
	JsonList& operator=(const JsonList&) = delete;
	~JsonList();
	void add(const Json& value);

private:
	std::ostream& out_;
	bool any_ = false;
};

}    // namespace rassist::cli
