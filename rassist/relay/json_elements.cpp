#include "rassist/relay/json_elements.hpp"
#include "common/base/lookup.hpp"

#include <jansson.h>

#include <memory>

namespace rassist::cli {

namespace {

constexpr std::size_t kObjectMax = 65536;

using Values = std::vector<std::pair<std::string, Result<std::string>>>;

Error error_at(std::size_t line, const std::string& what) {
	return Error{Fault::invalid, "line " + std::to_string(line) + ": " + what};
}

int skip_blanks(ByteSource& source) {
	while (source.peek() == ' ' || source.peek() == '\t' || source.peek() == '\n' ||
		   source.peek() == '\r')
		source.take();
	return source.peek();
}

struct JsonFeed {
	ByteSource& source;
	std::size_t left = kObjectMax;
};

/// Gives jansson one byte at a time, so that it takes none past the object's last brace.
std::size_t feed_byte(void* buffer, std::size_t, void* data) noexcept {
	JsonFeed& from = *static_cast<JsonFeed*>(data);
	if (from.left == 0 || from.source.peek() == ByteSource::kEnd)
		return 0;
	--from.left;
	*static_cast<char*>(buffer) = static_cast<char>(from.source.take());
	return 1;
}

Result<std::string> text_of(const json_t* value) {
	if (json_is_string(value))
		return std::string(json_string_value(value), json_string_length(value));
	if (json_is_boolean(value))
		return std::string(json_is_true(value) ? "yes" : "no");
	if (json_is_null(value))
		return std::string();
	std::string joined;
	for (std::size_t i = 0; i < json_array_size(value); ++i) {
		const json_t* word = json_array_get(value, i);
		const std::string text =
			json_is_string(word) ? std::string(json_string_value(word), json_string_length(word))
								 : "";
		if (text.empty() || text.find_first_of(" \t") != std::string::npos)
			return Error{Fault::invalid, "an array holds words here, strings without blanks"};
		joined += (joined.empty() ? "" : " ") + text;
	}
	if (!json_is_array(value))
		return Error{Fault::invalid, "a string, true, false or an array of strings would be right"};
	return joined;
}

Values values_of(json_t* object) {
	Values values;
	const char* key = nullptr;
	json_t* value = nullptr;
	json_object_foreach(object, key, value) { values.emplace_back(key, text_of(value)); }
	return values;
}

}    // namespace

Lookup<JsonElement> JsonElements::next() {
	const char before = any_ ? ',' : '[';
	const int byte = skip_blanks(source_);
	if (any_ && byte == ']') {
		source_.take();
		if (skip_blanks(source_) != ByteSource::kEnd)
			return error_at(source_.line(), "text after the end of the array");
		return source_.status() ? Lookup<JsonElement>(std::nullopt) : source_.status().error();
	}
	if (byte != before) {
		return error_at(source_.line(), std::string("'") + before +
											"' is missing: an array of objects is wanted" +
											(any_ ? ", or its ']'" : ""));
	}
	source_.take();
	if (!any_ && skip_blanks(source_) == ']') {
		any_ = true;
		return next();
	}
	any_ = true;
	if (skip_blanks(source_) != '{')
		return error_at(source_.line(), "an object, '{', is wanted here");
	const std::size_t line = source_.line();
	JsonFeed from{source_};
	json_error_t error{};
	const std::unique_ptr<json_t, decltype(&json_decref)> object(
		json_load_callback(
			feed_byte, &from, JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES, &error),
		&json_decref);
	if (!object && from.left == 0)
		return error_at(line, "an object of more than " + std::to_string(kObjectMax) + " bytes");
	if (!object) {
		return error_at(line + static_cast<std::size_t>(error.line > 0 ? error.line - 1 : 0),
			std::string("no JSON: ") + error.text);
	}
	return JsonElement{line, values_of(object.get())};
}

}    // namespace rassist::cli
