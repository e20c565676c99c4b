// The part of registry.hpp that writes a device's record.
#include "common/records/record.hpp"
#include "common/records/registry.hpp"

namespace rassist {

std::string format_device(const Device& device) {
	const auto groups = join_words(device.groups, [](const Name& one) { return one.str(); });
	IniWriter writer("device");
	writer.add("version", "1").add("serial", device.serial.str()).add("address", device.address);
	writer.add("blocked", device.blocked ? "yes" : "no")
		.add_if("groups", groups)
		.add_if("note", device.note);
	writer.add("added", std::to_string(device.added));
	return writer.text();
}

}    // namespace rassist
