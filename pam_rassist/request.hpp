// What sshd tells a PAM module, as typed values. Pure.
#pragma once

#include "common/keys/public_key.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace rassist::pam {

/// The accounts that are ours; all others are none of our business.
enum class Account { foreign, assist, device, tunnel, support };
[[nodiscard]] Account account_of(std::string_view user) noexcept;
/// The name that sshd knows the account by; "" for foreign.
[[nodiscard]] std::string_view name_of(Account account) noexcept;

struct Request {
	Account account = Account::foreign;
	/// the key that logged in; none for a typed code, and before the session step
	std::optional<PublicKey> key;
	bool typed = false;    ///< logged in by keyboard-interactive
	/// "ADDRESS PORT" of the client; "tunnel" where sshd has none (a unix socket)
	std::string from;
};

/// `auth_info`: SSH_AUTH_INFO_0, a line for each method that succeeded ("publickey TYPE KEY");
/// `connection`: SSH_CONNECTION, client first. Both from PAM's environment, empty where missing.
/// What does not parse is left out: a session without a key and not typed is nobody's.
[[nodiscard]] Request read_request(
	Account account, std::string_view auth_info, std::string_view connection);

}    // namespace rassist::pam
