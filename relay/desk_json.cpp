#include "relay/desk_json.hpp"

#include "common/base/json.hpp"

#include <algorithm>
#include <string>

namespace rassist::desk {
namespace {

/// What is not UTF-8 (a note written by hand) loses what is not ASCII.
std::string text(std::string_view value) {
	std::string plain(value);
	if (!Json::carries(value))
		std::replace_if(
			plain.begin(), plain.end(),
			[](char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0; }, '?');
	return plain;
}

Json object_of(const Probe& probe, const Now& now) {
	Json object = Json::object();
	object.text("result", format_probe_result(probe.result)).text("at", format_utc(probe.at));
	object.number("age", std::max<std::int64_t>(0, now.wall - probe.at));
	object.number("took_ms", probe.took.count());
	return object;
}

Json object_of(const LastEvent& last) {
	Json object = Json::object();
	object.text("at", format_utc(last.at));
	object.text("reason", text(last.reason)).text("sentence", text(last.sentence));
	if (last.id)
		object.text("id", last.id->str());
	if (last.window)
		object.text("window", last.window->str());
	return object;
}

Json object_of(const DeviceView& view, const Now& now) {
	Json object = Json::object();
	object.text("serial", view.serial.str()).text("state", state_word(view.state));
	if (view.since != 0)
		object.text("since", format_utc(view.since));
	if (view.until != 0) {
		object.text("until", format_utc(view.until));
		object.number("left", Deadline{view.until, {}}.remaining(now).count());
	}
	if (view.closed != 0)
		object.text("closed", format_utc(view.closed));
	if (view.probe)
		object.put("probe", object_of(*view.probe, now));
	if (view.connections)
		object.number("connections", static_cast<std::int64_t>(*view.connections));
	if (view.ended)
		object.put("ended", object_of(*view.ended));
	if (view.refusal)
		object.put("refused", object_of(*view.refusal));
	if (!view.note.empty())
		object.text("note", text(view.note));
	return object;
}

}    // namespace

std::string format_list_json(const std::vector<DeviceView>& views, const Now& now) {
	Json array = Json::array();
	for (const DeviceView& view : views)
		array.add(object_of(view, now));
	Json object = Json::object();
	object.put("devices", std::move(array));
	return object.print() + "\n";
}

std::string format_device_view_json(const DeviceView& view, const Now& now) {
	return object_of(view, now).print() + "\n";
}

}    // namespace rassist::desk
