// desk: what a staff key runs on the relay, and nothing else. Reads records; writes which devices
// the person took, and what probes said.
#include "common/base/journal.hpp"
#include "common/sessions/connection.hpp"
#include "common/sessions/listeners.hpp"
#include "common/system/files.hpp"
#include "relay/desk.hpp"
#include "relay/desk_json.hpp"
#include "relay/desk_take.hpp"
#include "relay/forced_command.hpp"

#include <sysexits.h>
#include <unistd.h>

#include <exception>
#include <string>

namespace rassist::desk {
namespace {

constexpr std::string_view kHelp = R"(usage: desk FINGERPRINT

What sshd runs on the relay for the key of a person of staff; FINGERPRINT is
the name of the key's record. What the person asks for is in
SSH_ORIGINAL_COMMAND:

)";

int fail(int status, const std::string& sentence) {
	static_cast<void>(write_all(STDERR_FILENO, "rassist: " + sentence + "\n"));
	return status;
}

int print(const std::string& text, int status) {
	return write_all(STDOUT_FILENO, text) ? status : EX_IOERR;
}

Sight looked_at(const Serial& serial, const Grant& person, const Paths& paths, const Now& now) {
	const DeskKnowledge known = look_up(paths, serial);
	Sight sight = sight_of(serial, person, known, now);
	if (sight.state != DeviceState::open)
		return sight;
	const Result<std::size_t> connections =
		count_connections_to("/proc/net", known.device->address, kSshPort);
	if (connections)
		sight.connections = *connections;
	return ask_them(paths, {std::move(sight)}, now).front();
}

int answer(const DeskCommand& command, const Grant& person, const Paths& paths, const Now& now) {
	if (command.verb == DeskVerb::help)
		return print(help_text(), EX_OK);
	if (command.verb == DeskVerb::show) {
		const Sight sight = looked_at(*command.serial, person, paths, now);
		return print(
			command.json ? show_json(sight, now) : show_text(sight, now), exit_status(sight.state));
	}
	if (command.verb == DeskVerb::take) {
		const Result<std::string> told = take(paths, person, *command.serial, now);
		return told ? print(*told, EX_OK)
					: fail(told.error().code == Fault::not_found ? EX_NOHOST : EX_UNAVAILABLE,
						  told.error().what);
	}
	Result<std::vector<Sight>> open = open_now(paths, person, now);
	if (!open)
		return fail(EX_TEMPFAIL, open.error().what);
	const std::vector<Sight> sights = ask_them(paths, *std::move(open), now);
	return print(
		command.json ? list_json(sights, now) : list_text(sights, now) + more_text(sights.size()),
		EX_OK);
}

void tell_refused(const Grant& person, const Fingerprint& key, const std::string& why) {
	JournalEntry entry("rassist-desk", Priority::warning, message::kLoginRefused,
		person.subject + ": refused: " + why);
	entry.field("RASSIST_SUBJECT", person.subject)
		.field("RASSIST_FINGERPRINT", key.str())
		.field("RASSIST_ROLE", format_role(Role::staff));
	entry.field("RASSIST_FROM", forced::client()).field("RASSIST_REASON", "command");
	Connection::of_command().tell(entry);
	entry.send();
}

int run(std::span<const char* const> arguments) {
	if (forced::asks_for_help(arguments))
		return print(std::string(kHelp) + help_text(), EX_OK);
	if (arguments.size() != 1)
		return fail(EX_USAGE, "desk takes the fingerprint of a staff key and nothing else");
	const Result<Fingerprint> key = Fingerprint::parse_file_name(arguments[0]);
	if (!key)
		return fail(EX_USAGE, key.error().what);
	const Result<Now> time = read_clocks();
	if (!time)
		return fail(EX_OSERR, time.error().what);
	const Paths paths;
	const Result<Grant> person = person_of(paths, *key, *time);
	if (!person)
		return fail(EX_NOPERM, person.error().what);
	const Result<DeskCommand> command = parse_command(forced::from_sshd("SSH_ORIGINAL_COMMAND"));
	if (!command) {
		tell_refused(*person, *key, command.error().what);
		return fail(EX_USAGE, command.error().what);
	}
	return answer(*command, *person, paths, *time);
}

}    // namespace
}    // namespace rassist::desk

int main(int argc, char** argv) {
	rassist::forced::settle();
	try {
		return rassist::desk::run(rassist::forced::arguments(argc, argv));
	} catch (const std::exception&) {
		return EX_OSERR;
	}
}
