// Keys, grants and devices that the tests of the key helper ask about.
#pragma once

#include "common/base/paths.hpp"
#include "common/keys/digest.hpp"
#include "common/records/grant.hpp"
#include "common/records/registry.hpp"

#include <array>
#include <string>
#include <string_view>

namespace rassist::authkeys {

inline constexpr std::string_view kType = "ssh-ed25519";
inline constexpr std::array<std::string_view, 2> kKeys{
	"AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f",
	"AAAAC3NzaC1lZDI1NTE5AAAAIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g"};
inline constexpr std::int64_t kNow = 1'800'000'000;

inline PublicKey key(std::size_t which = 0) {
	return PublicKey::parse(kType, kKeys.at(which)).value();
}
inline Serial serial(std::string_view text) { return Serial::parse(text).value(); }
inline std::string desk(const std::string& before) {
	return before + "command=\"exec /usr/libexec/rassist/desk " +
		   fingerprint_of(key()).file_name() + "\"";
}
inline std::string ending() { return " " + key().str(); }

inline Grant grant(Role role, const std::string& subject) {
	Grant made{role, subject, key(), std::nullopt, kNow - 60, std::nullopt, 0, "", {}, {}, {}, ""};
	if (role == Role::assist || role == Role::tunnel) {
		made.window = Id::parse("0123456789").value();
		made.sequence = 1;
	}
	if (role == Role::tunnel)
		made.relay = "relay";
	if (role != Role::identity && role != Role::staff)
		made.expires = Deadline{kNow + 600, std::nullopt};
	if (role == Role::assist)
		made.expires->boot = Deadline::Boot{1600, "boot"};
	return made;
}

inline Device device(std::string_view name) {
	return Device{serial(name), "127.64.0.7", false, {}, "", kNow};
}

}    // namespace rassist::authkeys
