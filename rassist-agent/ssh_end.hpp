// What became of an ssh: its exit status, its messages and what the relay said become a typed
// outcome. Pure.
#pragma once

#include "common/base/parse_network.hpp"
#include "common/wire/enrolment.hpp"
#include "rassist-agent/supervisor.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace rassist::agent {

/// With which key ssh logged in, and how far it got.
enum class Stage {
	enrolment,      ///< identity key
	tunnel,         ///< tunnel key, before `ready`
	established,    ///< tunnel key, after `ready`
};

/// An ssh that has ended.
struct SshEnd {
	Stage stage = Stage::enrolment;
	Endpoint endpoint;
	std::optional<HostPort> proxy;
	int status = 0;     ///< exit status, or 128 + signal
	std::string err;    ///< the beginning of its stderr
	/// the places on which it was to listen beside the tunnel's own ports
	std::vector<PublishedPlace> published{};
};

/// Why it ended. This is judged by ssh's own messages in the C locale (OpenSSH 8.7 to 10: ssh.c,
/// sshconnect.c, sshconnect2.c, clientloop.c), never by what a peer put into a disconnect message.
[[nodiscard]] Failure classify_ssh_end(const SshEnd& end);

/// Reads the relay's answer to an enrolment; `wall` is our clock, UTC.
[[nodiscard]] std::variant<GrantedTunnel, Failure> read_enrolment_answer(
	const SshEnd& end, std::string_view out, std::int64_t wall);

}    // namespace rassist::agent
