// The registry's writing side: for root on the relay (`rassist device …`).
#pragma once

#include "common/records/registry.hpp"

#include <functional>

namespace rassist {

/// Registers a device under the registry's lock with the next free address (device.address is
/// ignored). exists where the serial is taken.
[[nodiscard]] Result<Device> add_device(const Paths& paths, Device device);
/// What `edit` makes of the record as it is under the registry's lock; serial and address stay. Its
/// error is ours, and then nothing changes. not_found where the serial is not registered.
using DeviceEdit = std::function<Result<Device>(Device device)>;
struct DeviceChange {
	Device former;
	Device device;
};
[[nodiscard]] Result<DeviceChange> change_device(
	const Paths& paths, const Serial& serial, const DeviceEdit& edit);
[[nodiscard]] Status remove_device(const Paths& paths, const Serial& serial);

}    // namespace rassist
