#include "rassist/frame/ssh_failure.hpp"

#include "rassist/frame/terminal.hpp"

#include "common/base/parse.hpp"

#include <utility>

namespace rassist::cli {

SshFailure classify_ssh_failure(std::string_view ssh_said) {
	// They stand in the order in which ssh gets that far: sshconnect.c, ssh.c.
	constexpr std::pair<std::string_view, SshFailure> kWords[] = {
		{"Could not resolve hostname", SshFailure::no_name},
		{"host key is known for", SshFailure::not_pinned},
		{"Host key verification failed", SshFailure::other_key},
		{"Permission denied", SshFailure::denied}, {"Connection refused", SshFailure::not_reached},
		{"Connection timed out", SshFailure::not_reached},
		{"No route to host", SshFailure::not_reached},
		{"Network is unreachable", SshFailure::not_reached},
		{"Connection closed", SshFailure::not_reached},
		{"Connection reset", SshFailure::not_reached}};
	for (const auto& [words, outcome] : kWords)
		if (ssh_said.find(words) != std::string_view::npos)
			return outcome;
	return SshFailure::other;
}

std::string quote_last_line(std::string_view ssh_said) {
	ssh_said = trimmed(ssh_said);
	const auto newline = ssh_said.rfind('\n');
	return escape_for_terminal(
		trimmed(newline == std::string_view::npos ? ssh_said : ssh_said.substr(newline + 1)));
}

}    // namespace rassist::cli
