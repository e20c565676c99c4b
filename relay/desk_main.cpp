// desk is what a staff key runs on the relay, and nothing else. It reads records; it writes which
// devices the person took and what probes said.
#include "common/base/journal.hpp"
#include "common/sessions/connection.hpp"
#include "common/sessions/listeners.hpp"
#include "relay/desk.hpp"
#include "relay/desk_json.hpp"
#include "relay/desk_take.hpp"
#include "relay/forced_command.hpp"

#include <sysexits.h>

#include <span>
#include <string>

namespace rassist::desk {
namespace {

constexpr std::string_view kHelp = R"(usage: desk FINGERPRINT

What sshd runs on the relay for the key of a person of staff; FINGERPRINT is
the name of the key's record. What the person asks for is in
SSH_ORIGINAL_COMMAND:

)";

int fail(int status, const std::string& sentence) {
	return forced::fail(status, "rassist", sentence);
}

DeviceView look_at_device(
	const Serial& serial, const Grant& person, const Paths& paths, const Now& now) {
	const DeviceRecords known = read_device_records(paths, serial);
	DeviceView view = view_device(serial, person, known, now);
	if (view.state != DeviceState::open)
		return view;
	const Result<std::size_t> connections =
		count_connections_to("/proc/net", known.device->address, kSshPort);
	if (connections)
		view.connections = *connections;
	return probe_devices(paths, {std::move(view)}, now).front();
}

int answer_command(
	const DeskCommand& command, const Grant& person, const Paths& paths, const Now& now) {
	if (command.verb == DeskVerb::help)
		return forced::print(format_help(), EX_OK);
	if (command.verb == DeskVerb::show) {
		const DeviceView view = look_at_device(*command.serial, person, paths, now);
		return forced::print(
			command.json ? format_device_view_json(view, now) : format_device_view(view, now),
			exit_status_of(view.state));
	}
	if (command.verb == DeskVerb::take) {
		const Result<std::string> told = take_device(paths, person, *command.serial, now);
		return told ? forced::print(*told, EX_OK)
					: fail(told.error().code == Fault::not_found ? EX_NOHOST : EX_UNAVAILABLE,
						  told.error().what);
	}
	Result<std::vector<DeviceView>> open = list_open_devices(paths, person, now);
	if (!open)
		return fail(EX_TEMPFAIL, open.error().what);
	const std::vector<DeviceView> views = probe_devices(paths, *std::move(open), now);
	return forced::print(command.json ? format_list_json(views, now)
									  : format_list(views, now) + format_more_hint(views.size()),
		EX_OK);
}

void tell_refused(const Grant& person, const Fingerprint& key, const std::string& why) {
	JournalEntry entry("rassist-desk", Priority::warning, message::kLoginRefused,
		person.subject + ": refused: " + why);
	entry.field("RASSIST_SUBJECT", person.subject)
		.field("RASSIST_FINGERPRINT", key.str())
		.field("RASSIST_ROLE", format_role(Role::staff));
	entry.field("RASSIST_FROM", forced::read_client_address()).field("RASSIST_REASON", "command");
	Connection::of_command().tell(entry);
	entry.send();
}

int run(std::span<const char* const> arguments) {
	if (arguments.size() != 1)
		return fail(EX_USAGE, "desk takes the fingerprint of a staff key and nothing else");
	const Result<Fingerprint> key = Fingerprint::parse_file_name(arguments[0]);
	if (!key)
		return fail(EX_USAGE, key.error().what);
	const Result<Now> time = read_clocks();
	if (!time)
		return fail(EX_OSERR, time.error().what);
	const Paths paths;
	const Result<Grant> person = find_person(paths, *key, *time);
	if (!person)
		return fail(EX_NOPERM, person.error().what);
	const Result<DeskCommand> command =
		parse_command(forced::read_sshd_variable("SSH_ORIGINAL_COMMAND"));
	if (!command) {
		tell_refused(*person, *key, command.error().what);
		return fail(EX_USAGE, command.error().what);
	}
	return answer_command(*command, *person, paths, *time);
}

}    // namespace
}    // namespace rassist::desk

int main(int argc, char** argv) {
	const auto make_help = [] {
		return std::string(rassist::desk::kHelp) + rassist::desk::format_help();
	};
	return rassist::forced::run_program(argc, argv, make_help, rassist::desk::run);
}
