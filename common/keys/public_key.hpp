// Public keys as sshd names them (authorized_keys(5), %t %k %f of AuthorizedKeysCommand) and their
// fingerprints.
#pragma once

#include "common/base/result.hpp"

#include <compare>
#include <string>
#include <string_view>

namespace rassist {

/// SHA-256 of a public key blob. As a file name base64url without padding, for people "SHA256:…" as
/// ssh-keygen -l prints it.
class Fingerprint {
public:
	/// "SHA256:" and 43 base64 characters (sshd's %f). No OpenSSL needed.
	static Result<Fingerprint> parse(std::string_view text);
	/// The file name form.
	static Result<Fingerprint> parse_file_name(std::string_view text);

	/// 43 characters of [A-Za-z0-9_-]
	[[nodiscard]] const std::string& file_name() const noexcept { return name_; }
	[[nodiscard]] std::string str() const;    ///< SHA256:…
	auto operator<=>(const Fingerprint&) const = default;

private:
	explicit Fingerprint(std::string name) : name_(std::move(name)) {}
	std::string name_;
};

/// Key type and base64 blob. Accepted types: ssh-ed25519, ssh-rsa, ecdsa-sha2-nistp{256,384,521}
/// and the two sk- types; no certificates.
class PublicKey {
public:
	/// "ssh-ed25519 AAAA… [comment]"; the blob must be canonical base64 and begin with the type's
	/// own name. At most 4096 characters.
	static Result<PublicKey> parse(std::string_view text);
	static Result<PublicKey> parse(std::string_view type, std::string_view base64);

	[[nodiscard]] const std::string& type() const noexcept { return type_; }
	[[nodiscard]] const std::string& base64() const noexcept { return base64_; }
	[[nodiscard]] std::string str() const { return type_ + " " + base64_; }
	auto operator<=>(const PublicKey&) const = default;

private:
	PublicKey(std::string type, std::string base64)
		: type_(std::move(type)), base64_(std::move(base64)) {}
	std::string type_;
	std::string base64_;
};

}    // namespace rassist
