// authkeys: the AuthorizedKeysCommand of both doors, run by sshd as rassist-keys with %u %t %k %f.
// Prints one line or none, once. It ends with 0 either way: sshd takes any other status for a
// helper that failed, and would drop a matching line, too.
#include "authkeys_cmd/answer.hpp"
#include "common/base/journal.hpp"
#include "common/base/lookup.hpp"
#include "common/base/parse.hpp"
#include "common/sessions/connection.hpp"
#include "common/system/files.hpp"

#include <sysexits.h>
#include <unistd.h>

#include <exception>
#include <span>
#include <string>
#include <string_view>

namespace rassist::authkeys {
namespace {

constexpr std::string_view kProgram = "rassist-authkeys";
constexpr std::string_view kUsage = "usage: authkeys ACCOUNT KEY-TYPE KEY FINGERPRINT\n";
constexpr std::string_view kHelp = R"(
What the doors' sshd asks whether a key may log in (AuthorizedKeysCommand … %u
%t %k %f). Prints one authorized_keys line, or nothing; the reason of a refusal
is in the journal. See rassist-authkeys(8).
)";

std::string fingerprint_shown(const Question& question) {
	return std::string(question.fingerprint.substr(0, 64));
}

void log_unknown(const Question& question) {
	JournalEntry entry(kProgram, Priority::debug, message::kKeyUnknown,
		"no record of key " + fingerprint_shown(question) + " for " + quoted(question.account));
	entry.field("RASSIST_ACCOUNT", question.account)
		.field("RASSIST_FINGERPRINT", fingerprint_shown(question));
	Connection::of(::getppid()).tell(entry);    // sshd's privileged process of the connection
	entry.send();
}

void log_refusal(const Question& question, const Error& error) {
	// a key whose time is over is everyday life; a record that cannot be believed is not
	const bool ordinary =
		error.os_errno == 0 && (error.code == Fault::expired || error.code == Fault::denied);
	const auto priority = ordinary ? Priority::warning : Priority::error;
	const auto id = ordinary ? message::kLoginRefused : message::kRecordRefused;
	JournalEntry entry(
		kProgram, priority, id, "login to " + quoted(question.account) + " refused: " + error.what);
	entry.field("RASSIST_ACCOUNT", question.account)
		.field("RASSIST_FINGERPRINT", fingerprint_shown(question))
		.field("RASSIST_REASON", error.what);
	Connection::of(::getppid()).tell(entry);
	entry.send();
}

int run(std::span<char* const> arguments) {
	if (arguments.size() == 1 && std::string_view(arguments[0]) == "--help")
		return write_all(STDOUT_FILENO, std::string(kUsage) + std::string(kHelp)) ? EX_OK
																				  : EX_IOERR;
	if (arguments.size() != 4) {
		static_cast<void>(write_all(STDERR_FILENO, kUsage));
		return EX_USAGE;
	}
	const Question question{arguments[0], arguments[1], arguments[2], arguments[3]};
	const auto time = read_clocks();
	const auto line = time ? answer(question, Paths(), *time) : Lookup<std::string>(time.error());
	if (line.failed())
		log_refusal(question, line.error());
	else if (line.absent())
		log_unknown(question);
	else if (!write_all(STDOUT_FILENO, *line + "\n"))
		return EX_IOERR;
	return EX_OK;
}

}    // namespace
}    // namespace rassist::authkeys

int main(int argc, char** argv) {
	try {
		return rassist::authkeys::run(
			std::span(argv, static_cast<std::size_t>(argc)).subspan(argc > 0 ? 1 : 0));
	} catch (const std::exception&) {
		return EX_OSERR;
	}
}
