// What support's machine keeps of a device while it is helped: ~/.ssh/rassist/SERIAL.rassist.host
// (the pinned host key) and SERIAL.rassist.pub (the login key's public half, by which ssh finds it
// in the agent), and SERIAL.rassist where the private key was put there. The code is kept nowhere.
#pragma once

#include "common/base/lookup.hpp"
#include "common/base/parse.hpp"
#include "common/keys/derive.hpp"
#include "common/keys/public_key.hpp"
#include "rassist/frame/context.hpp"

namespace rassist::cli {

struct PinFiles {
	std::string folder;    ///< ~/.ssh/rassist
	std::string host;      ///< the pin
	std::string login;     ///< the login key's public half
	/// The login key, where it was put there; IdentityFile of 50-rassist.conf names this file.
	std::string secret;
};
[[nodiscard]] PinFiles locate_pin_files(const Context& context, const Serial& serial);

/// Pins both public keys of a window, in place of an older one's.
[[nodiscard]] Status write_pins(
	const Context& context, const Serial& serial, const WindowKeys& keys);
/// nullopt: there is none. An error: the file is not the person's own, or holds no key.
[[nodiscard]] Lookup<PublicKey> read_pinned_host_key(const Context& context, const Serial& serial);
[[nodiscard]] Lookup<PublicKey> read_pinned_login_key(const Context& context, const Serial& serial);
/// Removes the pins and the private key, and says whether anything was there.
[[nodiscard]] Result<bool> remove_pins(const Context& context, const Serial& serial);

/// The serial of a host as ssh names it: "sn123.rassist", "[sn123.rassist]:10022". invalid: it is
/// another host.
[[nodiscard]] Result<Serial> serial_of_host(std::string_view host);

}    // namespace rassist::cli
