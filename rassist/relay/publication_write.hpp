// The writing half of publication.hpp, for root on the relay (`rassist device publish`, `rassist
// device remove`).
#pragma once

#include "common/records/publication.hpp"

#include <functional>
#include <span>

namespace rassist {

/// Lets a device publish exactly these services: each keeps the port that it has if that is in
/// `ports`, or gets the lowest that no device has and for which `taken` (by another program of this
/// machine) says no. Where there are no services the device's ports are given back. It holds a lock
/// of the folder's and reads the records of the published devices alone, however many others there
/// are. not_found: no port is free.
[[nodiscard]] Result<Publication> publish(const Paths& paths, const Serial& serial,
	std::span<const Service> services, PortRange ports, const std::function<bool(int port)>& taken);
/// Gives the ports back. That nothing is published is no error.
[[nodiscard]] Status unpublish(const Paths& paths, const Serial& serial);

}    // namespace rassist
