// A client of ssh-agent(1) for two requests (draft-ietf-sshm-ssh-agent): add a key for a time, take
// one away.
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

/// SSH2_AGENTC_ADD_ID_CONSTRAINED with a lifetime, length prefix included.
[[nodiscard]] Secret format_add_message(
	const PrivateKey& key, std::string_view comment, std::chrono::seconds lifetime);
/// SSH2_AGENTC_REMOVE_IDENTITY, length prefix included.
[[nodiscard]] Result<std::string> format_remove_message(const PublicKey& key);

class SshAgent {
public:
	/// unavailable where nobody has_listener there.
	static Result<SshAgent> connect(const std::string& socket_path);

	/// The key is the agent's for that long. denied where it refuses.
	[[nodiscard]] Status add(
		const PrivateKey& key, std::string_view comment, std::chrono::seconds lifetime);
	/// not_found where the agent has no such key.
	[[nodiscard]] Status remove(const PublicKey& key);

private:
	explicit SshAgent(UniqueFd socket) : socket_(std::move(socket)) {}
	[[nodiscard]] Result<bool> ask(std::string_view message);
	UniqueFd socket_;
};

}    // namespace rassist::cli
