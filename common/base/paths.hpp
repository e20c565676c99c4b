// Every path of rassist, in one place. Programs use the defaults; tests hand in a folder of their
// own.
#pragma once

#include <string>

namespace rassist {

struct Paths {
	/// rassist.conf, rassist.conf.d/, known_hosts (the relays' pinned keys)
	std::string etc = "/etc/rassist";
	/// device: identity, sequence, unswept. relay: devices/ groups/ staff/ activations/
	/// identities/ windows/
	std::string state = "/var/lib/rassist";
	/// device: window, secret/, grants/, sessions/, … relay: sessions/, ready/, taken/, enforce/
	std::string run = "/run/rassist";
	/// the agent's own: tunnel_key, known_hosts, status
	std::string agent_run = "/run/rassist-agent";
	/// relay: the guard's own: lock, guarding, sets.nft, input
	std::string guard_run = "/run/rassist-guard";
	std::string libexec = "/usr/libexec/rassist";
	std::string data = "/usr/share/rassist";

	// device
	[[nodiscard]] std::string config() const { return etc + "/rassist.conf"; }
	[[nodiscard]] std::string config_dropins() const { return etc + "/rassist.conf.d"; }
	[[nodiscard]] std::string relay_pins() const { return etc + "/known_hosts"; }
	/// private, 0600, rassist-agent
	[[nodiscard]] std::string identity() const { return state + "/identity"; }
	/// windows ever opened here
	[[nodiscard]] std::string sequence() const { return state + "/sequence"; }
	/// a window was opened and its end not yet swept
	[[nodiscard]] std::string unswept() const { return state + "/unswept"; }
	/// the window's record, 0644, no secret in it
	[[nodiscard]] std::string window() const { return run + "/window"; }
	/// 0700 root, the two that follow
	[[nodiscard]] std::string secret() const { return run + "/secret"; }
	[[nodiscard]] std::string code() const { return secret() + "/code"; }    ///< 0600 root
	/// 0600 root, written by pam_rassist
	[[nodiscard]] std::string wrong_codes() const { return run + "/wrong-codes"; }
	/// 0600 root, the door's, of this window
	[[nodiscard]] std::string host_key() const { return secret() + "/host_key"; }
	/// the door's; the tunnel leads to it
	[[nodiscard]] std::string login_socket() const { return run + "/login.sock"; }
	/// PermitOpen lines, included by the door
	[[nodiscard]] std::string door_config() const { return run + "/door.conf"; }
	/// 0600 root: what `rassist open|extend` asks of the unit
	[[nodiscard]] std::string request() const { return run + "/request"; }
	/// grants of role assist
	[[nodiscard]] std::string grants() const { return run + "/grants"; }
	[[nodiscard]] std::string home() const { return run + "/home"; }
	[[nodiscard]] std::string sudoers() const { return run + "/sudoers.d"; }
	/// -F of the device's own ssh
	[[nodiscard]] std::string agent_ssh_config() const { return data + "/sshd/agent_ssh.conf"; }
	/// 0644, rassist-agent
	[[nodiscard]] std::string agent_status() const { return agent_run + "/status"; }

	// both
	[[nodiscard]] std::string sessions() const { return run + "/sessions"; }

	// relay
	[[nodiscard]] std::string devices() const { return state + "/devices"; }
	/// GROUP/SERIAL: an index of devices/
	[[nodiscard]] std::string groups() const { return state + "/groups"; }
	[[nodiscard]] std::string staff() const { return state + "/staff"; }
	[[nodiscard]] std::string activations() const { return state + "/activations"; }
	[[nodiscard]] std::string identities() const { return state + "/identities"; }
	[[nodiscard]] std::string windows() const { return state + "/windows"; }
	/// SERIAL, locked by a hold whose tunnel is up
	[[nodiscard]] std::string ready() const { return run + "/ready"; }
	/// NAME: devices that a person asked for last
	[[nodiscard]] std::string taken() const { return run + "/taken"; }
	/// spool: sessions to look at again
	[[nodiscard]] std::string enforce() const { return run + "/enforce"; }
	/// staff keys and groups that reach less than they did
	[[nodiscard]] std::string narrowed() const { return run + "/narrowed"; }
	/// windows that may not enrol again
	[[nodiscard]] std::string revoked() const { return state + "/revoked"; }
	/// hold/SERIAL, enroll/SERIAL: what happened last
	[[nodiscard]] std::string last() const { return state + "/last"; }
	/// SERIAL: what its ssh said through the tunnel
	[[nodiscard]] std::string probes() const { return run + "/probes"; }
	/// SERIAL: the public ports of a device
	[[nodiscard]] std::string published() const { return state + "/published"; }
	/// held for as long as the guard's rules are loaded
	[[nodiscard]] std::string guard_lock() const { return guard_run + "/lock"; }
	/// before what they stand
	[[nodiscard]] std::string guarding() const { return guard_run + "/guarding"; }
	[[nodiscard]] std::string guard_rules() const { return data + "/sshd/guard.nft"; }
};

/// The accounts sshd knows us by. sysusers makes them.
/// device: support logs in here
inline constexpr const char* kAssistAccount = "rassist";
/// relay: devices that enrol or are activated
inline constexpr const char* kDeviceAccount = "rassist-device";
/// relay: devices' tunnels; may write no grant
inline constexpr const char* kTunnelAccount = "rassist-tunnel";
inline constexpr const char* kSupportAccount = "rassist-support";    ///< relay: staff's connections
/// device: the tunnel's supervisor
inline constexpr const char* kAgentAccount = "rassist-agent";
/// both: AuthorizedKeysCommandUser
inline constexpr const char* kKeysAccount = "rassist-keys";

/// A device's ports on its own loopback address of the relay: the same for all.
inline constexpr int kSshPort = 10022;
inline constexpr int kHttpPort = 10088;

}    // namespace rassist
