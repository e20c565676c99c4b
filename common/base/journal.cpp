#include "common/base/journal.hpp"

#include "common/base/system_call.hpp"
#include "common/base/unique_fd.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <stdexcept>

namespace rassist {
namespace {

constexpr std::string_view kSocket = "/run/systemd/journal/socket";
constexpr std::size_t kValueMax = 2048;
/// journald's queue may be as short as ten entries (net.unix.max_dgram_qlen), and 200 devices that
/// come back at once all have something to say. No longer, for a journald that hangs must not keep
/// a tunnel from being ready in time.
constexpr timeval kPatience{5, 0};
constexpr const char* kAuthPriv = "10";    // LOG_AUTHPRIV as a number, syslog(3)

/// Cut between characters, not within one (UTF-8).
std::string_view cut(std::string_view text) {
	if (text.size() <= kValueMax)
		return text;
	std::size_t end = kValueMax;
	while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
		--end;
	return text.substr(0, end);
}

std::string escaped(std::string_view text) {
	constexpr std::string_view kHex = "0123456789abcdef";
	std::string result;
	for (const char c : text) {
		const auto byte = static_cast<unsigned char>(c);
		if (byte >= 0x20 && byte != 0x7f) {
			result += c;
			continue;
		}
		result += "\\x";
		result += kHex[byte >> 4];
		result += kHex[byte & 15];
	}
	return result;
}

/// systemd's "Native Journal Protocol": NAME=value, or for a value with a newline NAME, newline,
/// length as 64-bit little endian, value.
void append_field(std::string& text, std::string_view name, std::string_view value) {
	text += name;
	if (value.find('\n') == std::string_view::npos) {
		text += '=';
	} else {
		text += '\n';
		const std::uint64_t size = value.size();
		for (unsigned shift = 0; shift < 64; shift += 8)
			text += static_cast<char>((size >> shift) & 0xff);
	}
	text += value;
	text += '\n';
}

bool is_field_name(std::string_view name) {
	return !name.empty() && name.front() >= 'A' && name.front() <= 'Z' && name.size() <= 64 &&
		   std::all_of(
			   name.begin(), name.end(),
			   [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; });
}

}    // namespace

JournalEntry::JournalEntry(
	std::string_view program, Priority priority, std::string_view id, std::string_view sentence) {
	append_field(text_, "MESSAGE", cut(escaped(sentence)));
	append_field(text_, "PRIORITY", std::to_string(static_cast<int>(priority)));
	append_field(text_, "SYSLOG_FACILITY", kAuthPriv);
	append_field(text_, "SYSLOG_IDENTIFIER", program);
	append_field(text_, "SYSLOG_PID", std::to_string(::getpid()));
	if (!id.empty())
		append_field(text_, "MESSAGE_ID", id);
}

JournalEntry& JournalEntry::field(std::string_view name, std::string_view value) {
	if (!is_field_name(name))
		throw std::logic_error("a journal field's name is [A-Z][A-Z0-9_]*: " + std::string(name));
	if (!value.empty())
		append_field(text_, name, cut(value));
	return *this;
}

void JournalEntry::send() const noexcept {
	const int saved = errno;
	sockaddr_un address{};
	address.sun_family = AF_UNIX;
	std::memcpy(address.sun_path, kSocket.data(), kSocket.size());
	const UniqueFd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	if (fd && ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof(kPatience)) == 0) {
		static_cast<void>(uninterrupted([&] {
			return ::sendto(fd.get(), text_.data(), text_.size(), MSG_NOSIGNAL,
				reinterpret_cast<const sockaddr*>(&address), sizeof(address));
		}));
	}
	errno = saved;
}

}    // namespace rassist
