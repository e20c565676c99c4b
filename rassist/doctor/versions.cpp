#include "rassist/doctor/versions.hpp"

#include <charconv>

namespace rassist::cli::doctor {

namespace {

constexpr OpensshVersion kNeeded{8, 7};    // EL9's, the oldest that the doors were tried with

}    // namespace

std::optional<OpensshVersion> parse_openssh_version(std::string_view said) {
	constexpr std::string_view kBefore = "OpenSSH_";
	const auto at = said.find(kBefore);
	if (at == std::string_view::npos)
		return std::nullopt;
	OpensshVersion version;
	const char* const end = said.data() + said.size();
	const auto major = std::from_chars(said.data() + at + kBefore.size(), end, version.major);
	if (major.ec != std::errc() || major.ptr == end || *major.ptr != '.')
		return std::nullopt;
	if (std::from_chars(major.ptr + 1, end, version.minor).ec != std::errc())
		return std::nullopt;
	return version;
}

std::optional<std::string> find_lack(const OpensshVersion& version) {
	if (version < kNeeded) {
		return "is older than " + kNeeded.str() +
			   ": its sshd lacks settings that the doors are made of (PerSourceMaxStartups, "
			   "PermitListen for each key)";
	}
	return std::nullopt;
}

}    // namespace rassist::cli::doctor
