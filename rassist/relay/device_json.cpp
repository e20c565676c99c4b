#include "rassist/relay/device_json.hpp"

#include "rassist/relay/publish.hpp"

#include <utility>

namespace rassist::cli {

Json make_device_json(const Context& context, const Device& device) {
	Json groups = Json::array();
	for (const Name& group : device.groups)
		groups.add(group.str());
	Json json = Json::object();
	json.text("serial", device.serial.str())
		.text("address", device.address)
		.flag("blocked", device.blocked)
		.flag("tunnel", is_tunnel_up(context.paths, device.serial))
		.put("groups", std::move(groups))
		.put("published", make_publication_json(context, device.serial))
		.text("note", device.note)
		.text("added", format_utc(device.added));
	return json;
}

}    // namespace rassist::cli
