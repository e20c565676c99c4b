#include "rassist/frame/reached.hpp"

#include "rassist/frame/terminal.hpp"

#include "common/base/parse.hpp"
#include "common/base/parse_network.hpp"

#include <utility>

namespace rassist::cli {

Reached reached(std::string_view ssh_said) {
	// in the order in which ssh gets that far: sshconnect.c, ssh.c
	constexpr std::pair<std::string_view, Reached> kWords[] = {
		{"Could not resolve hostname", Reached::no_name},
		{"host key is known for", Reached::not_pinned},
		{"Host key verification failed", Reached::other_key},
		{"Permission denied", Reached::denied}, {"Connection refused", Reached::not_reached},
		{"Connection timed out", Reached::not_reached}, {"No route to host", Reached::not_reached},
		{"Network is unreachable", Reached::not_reached},
		{"Connection closed", Reached::not_reached}, {"Connection reset", Reached::not_reached}};
	for (const auto& [words, outcome] : kWords)
		if (ssh_said.find(words) != std::string_view::npos)
			return outcome;
	return Reached::other;
}

std::string last_said(std::string_view ssh_said) {
	ssh_said = trimmed(ssh_said);
	const auto newline = ssh_said.rfind('\n');
	return shown(
		trimmed(newline == std::string_view::npos ? ssh_said : ssh_said.substr(newline + 1)));
}

}    // namespace rassist::cli
