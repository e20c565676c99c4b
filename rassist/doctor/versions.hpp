// Judges OpenSSH by its version: what we need, and what an older one lacks. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rassist::cli::doctor {

struct OpensshVersion {
	int major = 0;
	int minor = 0;
	auto operator<=>(const OpensshVersion&) const = default;
	[[nodiscard]] std::string str() const {
		return std::to_string(major) + "." + std::to_string(minor);
	}
};

/// Takes what `ssh -V` says: "OpenSSH_9.2p1 Debian-2+deb12u7, OpenSSL 3.0.17 …". nullopt: it is
/// something else.
[[nodiscard]] std::optional<OpensshVersion> parse_openssh_version(std::string_view said);

/// What an OpenSSH of this version lacks that rassist cannot do without. nullopt: it lacks nothing.
[[nodiscard]] std::optional<std::string> find_lack(const OpensshVersion& version);

}    // namespace rassist::cli::doctor
