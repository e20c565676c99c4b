#include "rassist/relay/registered_device.hpp"

namespace rassist::cli {

Error error_unknown_device(const Serial& serial) {
	return Error{Fault::not_found, serial.str() + " is not registered; `rassist device list` says "
												  "what is, `rassist device add` registers"};
}

Error error_no_registry(const Context& context) {
	return Error{Fault::unavailable,
		"there is no " + context.paths.devices() +
			": this host is no relay, or systemd-tmpfiles --create was not run"};
}

Result<Device> find_registered_device(const Context& context, const Serial& serial) {
	auto device = find_device(context.paths, serial, context.root);
	if (device.failed())
		return std::move(device).error();
	if (device.absent())
		return error_unknown_device(serial);
	return *std::move(device);
}

Result<DeviceChange> change_registered_device(
	const Context& context, const Serial& serial, const DeviceEdit& edit) {
	auto change = change_device(context.paths, serial, edit);
	return !change && change.error().code == Fault::not_found ? error_unknown_device(serial)
															  : std::move(change);
}

}    // namespace rassist::cli
