#include "rassist/support/ssh_agent.hpp"

#include "common/keys/base64.hpp"
#include "common/system/files.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace rassist::cli {

namespace {

constexpr char kSuccess = 6;
constexpr char kRemoveIdentity = 18;
constexpr char kAddIdConstrained = 25;
constexpr char kConstrainLifetime = 1;
constexpr std::string_view kType = "ssh-ed25519";
constexpr std::size_t kPublicSize = 32;
constexpr std::size_t kReplyMax = 256 * 1024;
constexpr timeval kPatience{30, 0};    ///< an agent may ask its person first

std::string format_u32(std::size_t value) {
	const auto number = static_cast<std::uint32_t>(value);
	const std::array<unsigned char, 4> bytes{static_cast<unsigned char>(number >> 24U),
		static_cast<unsigned char>(number >> 16U), static_cast<unsigned char>(number >> 8U),
		static_cast<unsigned char>(number)};
	return {bytes.begin(), bytes.end()};
}

std::size_t read_u32(std::string_view bytes) {
	std::size_t value = 0;
	for (const char byte : bytes.substr(0, 4))
		value = value << 8U | static_cast<unsigned char>(byte);
	return value;
}

/// A string as RFC 4251 has it in section 5.
std::string format_string(std::string_view bytes) {
	return format_u32(bytes.size()) + std::string(bytes);
}

Result<std::string> read_exactly(int fd, std::size_t size) {
	std::string bytes(size, '\0');
	for (std::size_t done = 0; done < size;) {
		const ssize_t got = read(fd, bytes.data() + done, size - done);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return os_error(errno, "ssh-agent");
		if (got == 0)
			return Error{Fault::unavailable, "ssh-agent closed the connection"};
		done += static_cast<std::size_t>(got);
	}
	return bytes;
}

}    // namespace

Secret format_add_message(
	const PrivateKey& key, std::string_view comment, std::chrono::seconds lifetime) {
	const Secret both = key.seed_and_public();
	const std::string before = kAddIdConstrained + format_string(kType) +
							   format_string(both.text().substr(both.size() - kPublicSize)) +
							   format_u32(both.size());
	const std::string after = format_string(comment) + kConstrainLifetime +
							  format_u32(static_cast<std::size_t>(lifetime.count()));
	Secret message(format_u32(before.size() + both.size() + after.size()) + before);
	message.append(both.text());
	message.append(after);
	return message;
}

Result<std::string> format_remove_message(const PublicKey& key) {
	const auto blob = decode_base64(key.base64());
	if (!blob)
		return Error{Fault::invalid, "not base64"};
	return format_string(kRemoveIdentity + format_string(*blob));
}

Result<SshAgent> SshAgent::connect(const std::string& socket_path) {
	sockaddr_un address{};
	address.sun_family = AF_UNIX;
	if (socket_path.empty() || socket_path.size() >= sizeof address.sun_path)
		return Error{Fault::invalid, "SSH_AUTH_SOCK is no path of a socket"};
	std::ranges::copy(socket_path, std::begin(address.sun_path));
	UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
	if (!socket ||
		setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience) != 0)
		return os_error(errno, "socket");
	if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
		return Error{Fault::unavailable, os_error(errno, socket_path).what, errno};
	return SshAgent(std::move(socket));
}

/// Asks the agent, and says whether it answers SSH_AGENT_SUCCESS.
Result<bool> SshAgent::ask(std::string_view message) {
	if (auto sent = write_all(socket_.get(), message); !sent)
		return std::move(sent).error().within("ssh-agent");
	const auto length = read_exactly(socket_.get(), 4);
	if (!length)
		return length.error();
	const std::size_t size = read_u32(*length);
	if (size == 0 || size > kReplyMax)
		return Error{Fault::invalid, "ssh-agent gives an answer that is none"};
	const auto reply = read_exactly(socket_.get(), size);
	if (!reply)
		return reply.error();
	return reply->front() == kSuccess;
}

Status SshAgent::add(
	const PrivateKey& key, std::string_view comment, std::chrono::seconds lifetime) {
	const auto taken = ask(format_add_message(key, comment, lifetime).text());
	if (!taken)
		return taken.error();
	if (!*taken) {
		return Error{Fault::denied, "ssh-agent refuses the key; it may be locked (ssh-add -X), or "
									"take no key with a lifetime"};
	}
	return Done{};
}

Status SshAgent::remove(const PublicKey& key) {
	const auto message = format_remove_message(key);
	if (!message)
		return message.error();
	const auto gone = ask(*message);
	if (!gone)
		return gone.error();
	if (!*gone)
		return Error{Fault::not_found, "ssh-agent has no such key"};
	return Done{};
}

}    // namespace rassist::cli
