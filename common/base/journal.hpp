// One structured journal entry (systemd.journal-fields(7)), sent by the native protocol: a datagram
// to /run/systemd/journal/socket, libc only. Where journald's queue is full it waits, five seconds
// at most. common/ itself never sends one: a front end does, once, where it gives up or goes on.
#pragma once

#include <string>
#include <string_view>

namespace rassist {

/// Message ids: one for each kind of decision; the catalog and the man page list them.
namespace message {
inline constexpr std::string_view kLoginAllowed = "3f1c7a1e5d0b4f0a9a5be6a2c0d1e001";
inline constexpr std::string_view kLoginRefused = "3f1c7a1e5d0b4f0a9a5be6a2c0d1e002";
inline constexpr std::string_view kSessionStarted = "3f1c7a1e5d0b4f0a9a5be6a2c0d1e003";
inline constexpr std::string_view kSessionEnded = "3f1c7a1e5d0b4f0a9a5be6a2c0d1e004";
inline constexpr std::string_view kWindowOpened = "3f1c7a1e5d0b4f0a9a5be6a2c0d1e005";
inline constexpr std::string_view kWindowChanged = "3f1c7a1e5d0b4f0a9a5be6a2c0d1e006";
inline constexpr std::string_view kWindowClosed = "3f1c7a1e5d0b4f0a9a5be6a2c0d1e007";
inline constexpr std::string_view kWrongCode = "3f1c7a1e5d0b4f0a9a5be6a2c0d1e008";
inline constexpr std::string_view kEnrolled = "3f1c7a1e5d0b4f0a9a5be6a2c0d1e009";
inline constexpr std::string_view kEnrolRefused = "3f1c7a1e5d0b4f0a9a5be6a2c0d1e00a";
inline constexpr std::string_view kTunnelUp = "3f1c7a1e5d0b4f0a9a5be6a2c0d1e00b";
inline constexpr std::string_view kTunnelDown = "3f1c7a1e5d0b4f0a9a5be6a2c0d1e00c";
inline constexpr std::string_view kActivated = "3f1c7a1e5d0b4f0a9a5be6a2c0d1e00d";
inline constexpr std::string_view kDisplaced = "3f1c7a1e5d0b4f0a9a5be6a2c0d1e00e";
inline constexpr std::string_view kRecordRefused = "3f1c7a1e5d0b4f0a9a5be6a2c0d1e00f";
inline constexpr std::string_view kPublished = "3f1c7a1e5d0b4f0a9a5be6a2c0d1e070";
inline constexpr std::string_view kNotPublished = "3f1c7a1e5d0b4f0a9a5be6a2c0d1e071";
inline constexpr std::string_view kGuardLoaded = "3f1c7a1e5d0b4f0a9a5be6a2c0d1e072";
inline constexpr std::string_view kSessionCut = "3f1c7a1e5d0b4f0a9a5be6a2c0d1e010";
inline constexpr std::string_view kChecked = "3f1c7a1e5d0b4f0a9a5be6a2c0d1e012";
inline constexpr std::string_view kKeyUnknown = "3f1c7a1e5d0b4f0a9a5be6a2c0d1e011";
}    // namespace message

/// syslog(3) priorities.
enum class Priority { error = 3, warning = 4, notice = 5, info = 6, debug = 7 };

class JournalEntry {
public:
	/// `program` becomes SYSLOG_IDENTIFIER; `id` one of message:: or empty. The sentence is cut at
	/// 2 KiB, control bytes are escaped.
	JournalEntry(std::string_view program, Priority priority, std::string_view id,
		std::string_view sentence);
	/// Adds a field: name [A-Z0-9_]+; "RASSIST_SERIAL", "RASSIST_SUBJECT", "RASSIST_FINGERPRINT",
	/// "RASSIST_FROM", "RASSIST_REASON", "RASSIST_WINDOW", "RASSIST_ID", …: rassist-journal(7)
	/// lists them. An empty value is left out.
	JournalEntry& field(std::string_view name, std::string_view value);
	/// Sends the entry. It is lost where no journal listens or its queue stays full; the caller
	/// goes on.
	void send() const noexcept;
	[[nodiscard]] const std::string& datagram() const noexcept { return text_; }

private:
	std::string text_;
};

}    // namespace rassist
