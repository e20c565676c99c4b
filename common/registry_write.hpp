// The registry's writing side: for root on the relay (`rassist device …`).
#pragma once

#include "common/registry.hpp"

namespace rassist {

/// Registers a device under the registry's lock with the next free address (device.address is ignored). exists where the serial is taken.
[[nodiscard]] Result<Device> add_device(const Paths& paths, Device device);
/// Writes a changed record. not_found where the serial is not registered.
[[nodiscard]] Status change_device(const Paths& paths, const Device& device);
[[nodiscard]] Status remove_device(const Paths& paths, const Serial& serial);

}    // namespace rassist
