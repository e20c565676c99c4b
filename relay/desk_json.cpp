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

Json object_of(const Sight& sight, const Now& now) {
	Json object = Json::object();
	object.text("serial", sight.serial.str()).text("state", state_word(sight.state));
	if (sight.since != 0)
		object.text("since", format_utc(sight.since));
	if (sight.until != 0) {
		object.text("until", format_utc(sight.until));
		object.number("left", Deadline{sight.until, {}}.remaining(now).count());
	}
	if (sight.closed != 0)
		object.text("closed", format_utc(sight.closed));
	if (sight.probe)
		object.put("probe", object_of(*sight.probe, now));
	if (sight.connections)
		object.number("connections", static_cast<std::int64_t>(*sight.connections));
	if (sight.ended)
		object.put("ended", object_of(*sight.ended));
	if (sight.refusal)
		object.put("refused", object_of(*sight.refusal));
	if (!sight.note.empty())
		object.text("note", text(sight.note));
	return object;
}

}    // namespace

std::string list_json(const std::vector<Sight>& sights, const Now& now) {
	Json array = Json::array();
	for (const Sight& sight : sights)
		array.add(object_of(sight, now));
	Json object = Json::object();
	object.put("devices", std::move(array));
	return object.print() + "\n";
}

std::string show_json(const Sight& sight, const Now& now) {
	return object_of(sight, now).print() + "\n";
}

}    // namespace rassist::desk
