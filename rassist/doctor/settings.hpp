// Compares sshd's settings in effect, as `sshd -T -C user=…` prints them, with those that a door
// rests on. Pure.
#pragma once

#include "common/base/parse_network.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rassist::cli::doctor {

/// A keyword in lower case, and its value.
using Settings = std::multimap<std::string, std::string, std::less<>>;

[[nodiscard]] Settings parse_settings(std::string_view text);

/// Where the door listens: "0.0.0.0:443", "[::]:443".
[[nodiscard]] std::vector<HostPort> list_listen_addresses(const Settings& settings);

struct WantedSetting {
	std::string keyword;
	std::vector<std::string> values;    ///< exactly these, in any order
};

/// The settings that the door must have for this account ("rassist" on a device, one of the relay's
/// three there).
[[nodiscard]] std::vector<WantedSetting> list_wanted_settings(
	std::string_view account, const std::string& helper);

struct SettingDifference {
	std::string keyword;
	std::string is;    ///< "" where it is not set
	std::string must_be;
};
[[nodiscard]] std::vector<SettingDifference> find_differences(
	const Settings& settings, const std::vector<WantedSetting>& wanted);

/// Which of sshd's or ssh's lists (`sshd -T`, `ssh -G`) leave ssh-ed25519 out, the kind of all of
/// rassist's own keys: a crypto policy may do that.
[[nodiscard]] std::vector<std::string> find_lists_without_our_keys(const Settings& settings);

}    // namespace rassist::cli::doctor
