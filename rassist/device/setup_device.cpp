// setup device: it says which relay this device goes to.
#include "common/system/files_write.hpp"
#include "rassist/frame/actions.hpp"
#include "rassist/frame/relay_pins.hpp"
#include "rassist/frame/setup_files.hpp"

namespace rassist::cli {

Result<int> setup_device_verb(Context& context, const Arguments& arguments) {
	const std::string config = context.paths.config_dropins() + "/40-relay.conf";
	const std::string pins = context.paths.relay_pins();
	if (arguments.has("undo"))
		return remove_setup_files(context, {config, pins});
	const auto pinned = parse_pinned_relay(arguments);
	if (!pinned)
		return context.usage(pinned.error().what);
	if (auto made = make_folder(context.paths.config_dropins(), 0755); !made)
		return std::move(made).error();
	const std::string text = "# Written by `rassist setup device`.\n[device]\nrelays = " +
							 format_relay_address(pinned->relay) + "\n";
	return write_setup_files(context, {{pins, format_relay_pins(*pinned)}, {config, text}});
}

}    // namespace rassist::cli
