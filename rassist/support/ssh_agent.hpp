// A client of ssh-agent(1) for two requests (draft-ietf-sshm-ssh-agent): it adds a key for a time,
// and takes one away.
#pragma once

#include "common/base/result.hpp"
#include "common/base/secret.hpp"
#include "common/base/unique_fd.hpp"
#include "common/keys/private_key.hpp"
#include "common/keys/public_key.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace rassist::cli {

/// The message SSH2_AGENTC_ADD_ID_CONSTRAINED with a lifetime, its length before it.
[[nodiscard]] Secret format_add_message(
	const PrivateKey& key, std::string_view comment, std::chrono::seconds lifetime);
/// The message SSH2_AGENTC_REMOVE_IDENTITY, its length before it.
[[nodiscard]] Result<std::string> format_remove_message(const PublicKey& key);

class SshAgent {
public:
	/// unavailable: nobody listens there.
	static Result<SshAgent> connect(const std::string& socket_path);

	/// Gives the agent the key for that long. denied: the agent refuses.
	[[nodiscard]] Status add(
		const PrivateKey& key, std::string_view comment, std::chrono::seconds lifetime);
	/// Takes the key away again. not_found: the agent has no such key.
	[[nodiscard]] Status remove(const PublicKey& key);

private:
	explicit SshAgent(UniqueFd socket) : socket_(std::move(socket)) {}
	[[nodiscard]] Result<bool> ask(std::string_view message);
	UniqueFd socket_;
};

}    // namespace rassist::cli
