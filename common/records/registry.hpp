// The relay's registry of devices: devices/SERIAL, section [device], written by root alone.
// Address, ports, scope and blocked come from here only.
#pragma once

#include "common/base/lookup.hpp"
#include "common/base/parse.hpp"
#include "common/base/paths.hpp"
#include "common/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rassist {

struct Device {
	Serial serial;
	std::string address;    ///< of 127.64.0.0/10
	bool blocked = false;
	std::vector<Name> groups;
	std::string note;          ///< one printable line
	std::int64_t added = 0;    ///< UTC seconds
};

[[nodiscard]] Result<Device> parse_device(std::string_view text, std::string_view file_name);
/// `address = …` stands on a line of its own: libnss_rassist reads it with libc alone.
[[nodiscard]] std::string format_device(const Device& device);

/// Reads the device's record. nullopt: the device is not registered. An error: the record is there
/// and not believed; unavailable where there is no registry at all.
[[nodiscard]] Lookup<Device> find_device(const Paths& paths, const Serial& serial, uid_t root = 0);

/// The lock in ready/ that is held while a name is put there or removed.
inline constexpr const char* kReadyLock = ".lock";

/// Whether the device's tunnel is up: a `hold` has the lock of ready/SERIAL (F_OFD_GETLK, takes
/// nothing; the kernel frees it however hold ends).
[[nodiscard]] bool is_tunnel_up(const Paths& paths, const Serial& serial);

/// The time at which the tunnel came up, UTC seconds: hold made its file then. nullopt: it is not
/// up.
[[nodiscard]] std::optional<std::int64_t> find_tunnel_start(
	const Paths& paths, const Serial& serial);

}    // namespace rassist
