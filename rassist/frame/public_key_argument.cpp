#include "rassist/frame/public_key_argument.hpp"

#include "common/base/parse.hpp"
#include "common/base/unique_fd.hpp"
#include "common/system/files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string_view>

namespace rassist::cli {

namespace {

constexpr std::size_t kKeyFileMax = 64 * 1024;

Result<std::string> read_key_text(const std::string& argument) {
	if (argument == "-")
		return read_all(STDIN_FILENO, kKeyFileMax);
	const UniqueFd file(open(argument.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
	if (!file)
		return os_error(errno, argument);
	return read_all(file.get(), kKeyFileMax);
}

/// A word that is taken for a key; no file is called like that.
bool looks_like_key(std::string_view argument) {
	const bool typed = argument.starts_with("ssh-") || argument.starts_with("ecdsa-") ||
					   argument.starts_with("sk-");
	return typed && argument.find(' ') != std::string_view::npos;
}

}    // namespace

Result<PublicKey> read_public_key(const std::string& argument) {
	if (looks_like_key(argument))
		return PublicKey::parse(argument);
	const auto text = read_key_text(argument);
	if (!text)
		return text.error();
	const std::string source = argument == "-" ? "stdin" : argument;
	std::optional<PublicKey> found;
	std::string_view rest = *text;
	while (!rest.empty()) {
		const auto end = std::min(rest.find('\n'), rest.size());
		const std::string_view line = trimmed(rest.substr(0, end));
		rest.remove_prefix(std::min(end + 1, rest.size()));
		if (line.empty() || line.starts_with('#'))
			continue;
		if (line.find("PRIVATE KEY") != std::string_view::npos) {
			return Error{Fault::invalid, source + " is a private key; the public one is needed, "
												  "usually in a file that ends in .pub"};
		}
		if (found)
			return Error{Fault::invalid, source + ": more than one key; give them one at a time"};
		auto key = PublicKey::parse(line);
		if (!key)
			return std::move(key).error().within(source);
		found = *std::move(key);
	}
	if (!found) {
		return Error{Fault::invalid,
			source + ": no public key in it; a line \"ssh-ed25519 AAAA…\" is needed"};
	}
	return *std::move(found);
}

}    // namespace rassist::cli
