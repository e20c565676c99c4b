#include "common/base/json.hpp"

#include "common/base/parse.hpp"

#include <jansson.h>

#include <cstdlib>
#include <new>

namespace rassist {

namespace {

/// jansson says NULL where memory ran out, and also for text that is not UTF-8: that is shown
/// escaped.
json_t* text_node(std::string_view value) {
	if (json_t* node = json_stringn(value.data(), value.size()))
		return node;
	const std::string escaped = quoted(value, value.size());
	return json_stringn(escaped.data(), escaped.size());
}

json_t* needed(json_t* node) {
	if (node == nullptr)
		throw std::bad_alloc();
	return node;
}

void must(int status) {
	if (status != 0)
		throw std::bad_alloc();
}

}    // namespace

Json::Json(json_t* node) : node_(needed(node)) {}
void Json::Release::operator()(json_t* node) const noexcept { json_decref(node); }

bool Json::carries(std::string_view text) {
	const std::unique_ptr<json_t, Release> node(json_stringn(text.data(), text.size()));
	return node != nullptr;
}

Json Json::object() { return Json(json_object()); }
Json Json::array() { return Json(json_array()); }

Json& Json::text(const char* key, std::string_view value) {
	must(json_object_set_new(node_.get(), key, needed(text_node(value))));
	return *this;
}

Json& Json::text_or_null(const char* key, std::string_view value) {
	return value.empty() ? null(key) : text(key, value);
}

Json& Json::number(const char* key, std::int64_t value) {
	must(json_object_set_new(node_.get(), key, needed(json_integer(value))));
	return *this;
}

Json& Json::flag(const char* key, bool value) {
	must(json_object_set_new(node_.get(), key, json_boolean(value)));
	return *this;
}

Json& Json::null(const char* key) {
	must(json_object_set_new(node_.get(), key, json_null()));
	return *this;
}

Json& Json::put(const char* key, Json value) {
	must(json_object_set_new(node_.get(), key, value.node_.release()));
	return *this;
}

Json& Json::add(Json value) {
	must(json_array_append_new(node_.get(), value.node_.release()));
	return *this;
}

Json& Json::add(std::string_view value) {
	must(json_array_append_new(node_.get(), needed(text_node(value))));
	return *this;
}

std::string Json::print() const {
	const std::unique_ptr<char, decltype(&std::free)> text(
		json_dumps(node_.get(), JSON_INDENT(2) | JSON_PRESERVE_ORDER), &std::free);
	if (!text)
		throw std::bad_alloc();
	return text.get();
}

}    // namespace rassist
