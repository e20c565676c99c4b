// The writing half of published.hpp: for root on the relay (`rassist device publish`, `rassist
// device remove`).
#pragma once

#include "common/records/publication.hpp"

#include <functional>
#include <span>

namespace rassist {

/// Lets a device publish exactly these services: each keeps the port that it has if that is in
/// `ports`, or gets the lowest that no device has and for which `taken` (by another program of this
/// machine) says no. None: the device's ports are given back. Under a lock of the folder's; reads
/// the records of the published devices alone, however many others there are. not_found: no free
/// port.
[[nodiscard]] Result<Publication> publish(const Paths& paths, const Serial& serial,
	std::span<const Service> services, PortRange ports, const std::function<bool(int port)>& taken);
/// Gives the ports back. Nothing published is fine.
[[nodiscard]] Status unpublish(const Paths& paths, const Serial& serial);

}    // namespace rassist
