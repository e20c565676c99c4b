// One device of the registry, for the verbs that name it, and the errors where it is not there.
#pragma once

#include "common/base/parse.hpp"
#include "common/records/registry.hpp"
#include "rassist/frame/context.hpp"
#include "rassist/relay/registry_write.hpp"

namespace rassist::cli {

[[nodiscard]] Error error_unknown_device(const Serial& serial);

/// The registry's folder is missing: this host is no relay, or systemd-tmpfiles was not run.
[[nodiscard]] Error error_no_registry(const Context& context);

/// not_found where the serial is not registered.
[[nodiscard]] Result<Device> find_registered_device(const Context& context, const Serial& serial);
/// Changes the device's record under the registry's lock. not_found where the serial is not
/// registered.
[[nodiscard]] Result<DeviceChange> change_registered_device(
	const Context& context, const Serial& serial, const DeviceEdit& edit);

}    // namespace rassist::cli
