#include "relay/desk_json.hpp"

#include <jansson.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>

namespace rassist::desk {
namespace {

struct Release {
	void operator()(json_t* value) const noexcept { json_decref(value); }
};
using Json = std::unique_ptr<json_t, Release>;

Json owned(json_t* value) {
	if (value == nullptr)
		throw std::bad_alloc();
	return Json(value);
}

/// The object takes the value over.
void put(const Json& object, const char* key, Json value) {
	if (json_object_set_new(object.get(), key, value.release()) != 0)
		throw std::bad_alloc();
}

/// What is not UTF-8 (a note written by hand) loses what is not ASCII.
Json text(std::string_view value) {
	if (Json whole{json_stringn(value.data(), value.size())})
		return whole;
	std::string plain(value);
	std::replace_if(
		plain.begin(), plain.end(),
		[](char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0; }, '?');
	return owned(json_stringn(plain.data(), plain.size()));
}

Json object_of(const Probe& probe, const Now& now) {
	Json object = owned(json_object());
	put(object, "result", text(probe_word(probe.result)));
	put(object, "at", text(format_utc(probe.at)));
	put(object, "age", owned(json_integer(std::max<std::int64_t>(0, now.wall - probe.at))));
	put(object, "took_ms", owned(json_integer(probe.took.count())));
	return object;
}

Json object_of(const LastEvent& last) {
	Json object = owned(json_object());
	put(object, "at", text(format_utc(last.at)));
	put(object, "reason", text(last.reason));
	put(object, "sentence", text(last.sentence));
	if (last.id)
		put(object, "id", text(last.id->str()));
	if (last.window)
		put(object, "window", text(last.window->str()));
	return object;
}

Json object_of(const DeviceView& view, const Now& now) {
	Json object = owned(json_object());
	put(object, "serial", text(view.serial.str()));
	put(object, "state", text(state_word(view.state)));
	if (view.since != 0)
		put(object, "since", text(format_utc(view.since)));
	if (view.until != 0) {
		put(object, "until", text(format_utc(view.until)));
		put(object, "left", owned(json_integer(Deadline{view.until, {}}.remaining(now).count())));
	}
	if (view.closed != 0)
		put(object, "closed", text(format_utc(view.closed)));
	if (view.probe)
		put(object, "probe", object_of(*view.probe, now));
	if (view.connections)
		put(object, "connections", owned(json_integer(static_cast<json_int_t>(*view.connections))));
	if (view.ended)
		put(object, "ended", object_of(*view.ended));
	if (view.refusal)
		put(object, "refused", object_of(*view.refusal));
	if (!view.note.empty())
		put(object, "note", text(view.note));
	return object;
}

std::string written(const Json& value) {
	struct Free {
		// NOLINT(cppcoreguidelines-no-malloc): jansson's
		void operator()(char* text) const noexcept { std::free(text); }
	};
	const std::unique_ptr<char, Free> out(json_dumps(value.get(), JSON_INDENT(2)));
	if (!out)
		throw std::bad_alloc();
	return std::string(out.get()) + "\n";
}

}    // namespace

std::string format_list_json(const std::vector<DeviceView>& views, const Now& now) {
	Json array = owned(json_array());
	for (const DeviceView& view : views)
		if (json_array_append_new(array.get(), object_of(view, now).release()) != 0)
			throw std::bad_alloc();
	Json object = owned(json_object());
	put(object, "devices", std::move(array));
	return written(object);
}

std::string format_device_view_json(const DeviceView& view, const Now& now) {
	return written(object_of(view, now));
}

}    // namespace rassist::desk
