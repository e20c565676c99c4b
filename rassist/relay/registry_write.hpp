// The registry's writing side, for root on the relay (`rassist device …`).
#pragma once

#include "common/records/registry.hpp"

#include <functional>

namespace rassist {

/// Registers a device under the registry's lock with the next free address (device.address is
/// ignored). exists: the serial is taken.
[[nodiscard]] Result<Device> add_device(const Paths& paths, Device device);
/// It is given the record as it is under the registry's lock, and hands back what it is to be;
/// serial and address stay. Its error is change_device()'s, and then nothing changes.
using DeviceEdit = std::function<Result<Device>(Device device)>;
struct DeviceChange {
	Device former;
	Device device;
};
/// Changes a record by `edit`. not_found: the serial is not registered.
[[nodiscard]] Result<DeviceChange> change_device(
	const Paths& paths, const Serial& serial, const DeviceEdit& edit);
[[nodiscard]] Status remove_device(const Paths& paths, const Serial& serial);

}    // namespace rassist
