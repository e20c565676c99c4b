#include "rassist/relay.hpp"

#include "common/files.hpp"
#include "common/parse.hpp"
#include "common/session_entry.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>

namespace rassist::cli {

namespace {

constexpr std::size_t kKeyFileMax = 64 * 1024;
constexpr std::size_t kNoteMax = 200;

Result<std::string> read_key_text(const std::string& argument) {
	if (argument == "-") {
		return read_all(STDIN_FILENO, kKeyFileMax);
	}
	const UniqueFd file(open(argument.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
	if (!file) {
		return os_error(errno, argument);
	}
	return read_all(file.get(), kKeyFileMax);
}

/// No file is called like that.
bool looks_like_key(std::string_view argument) {
	const bool typed = argument.starts_with("ssh-") || argument.starts_with("ecdsa-") || argument.starts_with("sk-");
	return typed && argument.find(' ') != std::string_view::npos;
}

}    // namespace

Error unknown_device(const Serial& serial) {
	return Error{Fault::not_found, serial.str() + " is not registered; `rassist device list` says what is, `rassist device add` registers"};
}

Error no_registry(const Context& context) {
	return Error{Fault::unavailable, "there is no " + context.paths.devices() + ": this host is no relay, or systemd-tmpfiles --create was not run"};
}

Result<Device> registered_device(const Context& context, const Serial& serial) {
	auto device = find_device(context.paths, serial, context.root);
	if (!device) {
		return std::move(device).error();
	}
	if (!*device) {
		return unknown_device(serial);
	}
	return **std::move(device);
}

Result<DeviceChange> changed_device(const Context& context, const Serial& serial, const DeviceEdit& edit) {
	auto change = change_device(context.paths, serial, edit);
	return !change && change.error().code == Fault::not_found ? unknown_device(serial) : std::move(change);
}

Result<int> end_questions(const Context& context, const Serial& serial) {
	int ended = 0;
	for (const Role role : {Role::identity, Role::activation}) {
		const auto some = displace_sessions(context.paths, role, serial.str(), std::numeric_limits<std::int64_t>::max(), kGrace);
		if (!some) {
			return some.error();
		}
		ended += *some;
	}
	return ended;
}

Status bury_sessions(const Context& context) {
	const auto clock = now();
	if (!clock) {
		return clock.error();
	}
	const auto dead = sweep_sessions(context.paths);
	if (!dead) {
		return dead.error();
	}
	for (const Session& session : dead->sessions) {
		session_ended("rassist", session, clock->wall, "its sshd was killed").send();
	}
	return Done{};
}

Result<PublicKey> read_public_key(const std::string& argument) {
	if (looks_like_key(argument)) {
		return PublicKey::parse(argument);
	}
	const auto text = read_key_text(argument);
	if (!text) {
		return text.error();
	}
	const std::string source = argument == "-" ? "stdin" : argument;
	std::optional<PublicKey> found;
	std::string_view rest = *text;
	while (!rest.empty()) {
		const auto end = std::min(rest.find('\n'), rest.size());
		const std::string_view line = trimmed(rest.substr(0, end));
		rest.remove_prefix(std::min(end + 1, rest.size()));
		if (line.empty() || line.starts_with('#')) {
			continue;
		}
		if (line.find("PRIVATE KEY") != std::string_view::npos) {
			return Error{Fault::invalid, source + " is a private key; the public one is needed, usually in a file that ends in .pub"};
		}
		if (found) {
			return Error{Fault::invalid, source + ": more than one key; give them one at a time"};
		}
		auto key = PublicKey::parse(line);
		if (!key) {
			return std::move(key).error().within(source);
		}
		found = *std::move(key);
	}
	if (!found) {
		return Error{Fault::invalid, source + ": no public key in it; a line \"ssh-ed25519 AAAA…\" is needed"};
	}
	return *std::move(found);
}

Grant new_grant(Role role, std::string subject, PublicKey key, std::int64_t issued) {
	return Grant{role, std::move(subject), std::move(key), {}, issued, {}, 0, {}, {}, {}, {}, {}};
}

Status parse_note(std::string_view text) {
	const bool printable = std::ranges::all_of(text, [](char byte) { return static_cast<unsigned char>(byte) >= 0x20 && byte != 0x7f; });
	if (text.size() > kNoteMax || !printable) {
		return Error{Fault::invalid, "not one printable line of at most " + std::to_string(kNoteMax) + " bytes"};
	}
	return Done{};
}

}    // namespace rassist::cli
