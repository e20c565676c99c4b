// enroll: what an identity or activation key runs on the relay, and nothing else. Reads one
// request, answers it, tells the journal once.
#include "common/admission/store.hpp"
#include "common/base/journal.hpp"
#include "common/base/lookup.hpp"
#include "common/records/last_event.hpp"
#include "common/sessions/connection.hpp"
#include "common/system/files.hpp"
#include "relay/enroll.hpp"
#include "relay/forced_command.hpp"

#include <sysexits.h>
#include <unistd.h>

#include <exception>
#include <string>
#include <thread>

namespace rassist::enroll {
namespace {

constexpr std::string_view kHelp = R"(usage: enroll identity SERIAL
       enroll activation SERIAL FINGERPRINT

What sshd runs on the relay for a device's identity key, or for an activation
token. Reads one request from standard input to its end and answers it on
standard output: the tunnel key of a window is accepted until that ends, or the
identity key of a device is registered. Not for people: the helper `authkeys`
names it in the lines it gives to sshd. See rassist-enroll(8).
)";

constexpr std::string_view kProgram = "rassist-enroll";
constexpr std::chrono::milliseconds kPatience{10'000};
constexpr std::chrono::milliseconds kPace{1'000};

/// For who asks later why the device is not there. What cannot be kept is in the journal all the
/// same.
void keep_refusal(const Serial& serial, const Outcome& outcome) {
	const Result<Now> time = read_clocks();
	const LastEvent last{time ? time->wall : 0,
		std::string(format_refusal(*outcome.answer.refused)), outcome.answer.message,
		outcome.answer.id, outcome.window};
	static_cast<void>(write_last_event(Paths(), LastEventKind::enroll, serial, last).ok());
}

void tell_journal(const Caller& caller, const Outcome& outcome, const std::string& relay) {
	const EnrollAnswer& answer = outcome.answer;
	const bool ours = answer.refused &&
					  (*answer.refused == Refusal::internal || *answer.refused == Refusal::storage);
	const Priority priority = outcome.checked  ? Priority::info
							  : ours           ? Priority::error
							  : answer.refused ? Priority::warning
											   : Priority::notice;
	const std::string& serial = caller.serial.str();
	std::string sentence;
	if (outcome.checked)
		sentence = serial +
				   ": asks whether it is registered: " + (answer.refused ? answer.message : "yes");
	else if (answer.refused)
		sentence = serial + ": " + (caller.token ? "activation" : "enrolment") +
				   " refused: " + answer.message;
	else if (caller.token)
		sentence = serial + ": activated, its identity key is registered";
	else
		sentence = serial + ": tunnel key accepted for " + format_duration(answer.seconds) +
				   (answer.published.empty()
						   ? ""
						   : ", published as " + format_published_places(answer.published));
	if (!outcome.detail.empty())
		sentence += " [" + outcome.detail + "]";
	const std::string_view id = outcome.checked  ? message::kChecked
								: answer.refused ? message::kEnrolRefused
								: caller.token   ? message::kActivated
												 : message::kEnrolled;
	JournalEntry entry(kProgram, priority, id, sentence);
	entry.field("RASSIST_SERIAL", serial)
		.field("RASSIST_ID", answer.id.str())
		.field("RASSIST_FROM", forced::client())
		.field("RASSIST_RELAY", relay);
	entry.field("RASSIST_ROLE", format_role(caller.token ? Role::activation : Role::identity));
	if (outcome.key)
		entry.field("RASSIST_FINGERPRINT", outcome.key->str());
	if (outcome.window)
		entry.field("RASSIST_WINDOW", outcome.window->str());
	if (!outcome.withheld.empty())
		JournalEntry("rassist-enroll", Priority::warning, message::kNotPublished,
			serial + ": not published: " + outcome.withheld)
			.field("RASSIST_SERIAL", serial)
			.field("RASSIST_ID", answer.id.str())
			.field("RASSIST_REASON", outcome.withheld)
			.field("RASSIST_RELAY", relay)
			.send();
	if (answer.refused)
		entry.field("RASSIST_REASON", format_refusal(*answer.refused));
	Connection::of_command().tell(entry, "RASSIST_CONNECTION");
	entry.send();
	if (answer.refused && !outcome.checked)
		keep_refusal(caller.serial, outcome);
}

/// Beside the entry of the enrolment: what the relay's admin has to know.
void tell_twin(const Caller& caller, const Outcome& outcome) {
	const std::string& serial = caller.serial.str();
	JournalEntry(kProgram, Priority::warning, message::kDisplaced,
		serial + ": two machines use this device's identity, one is a copy of the other: " +
			(outcome.answer.refused ? "the one with the older window is refused"
									: "they take the tunnel from each other"))
		.field("RASSIST_SERIAL", serial)
		.field("RASSIST_ID", outcome.answer.id.str())
		.field("RASSIST_FROM", forced::client())
		.field("RASSIST_WINDOW", outcome.window ? outcome.window->str() : "")
		.field("RASSIST_REASON", "twin")
		.send();
}

/// One enrolment a second and device: a device that enrols in a loop waits, and the sessions it may
/// have at once are few (pam_rassist).
void keep_pace(const Serial& serial, const Paths& paths) {
	const Result<Now> time = read_clocks();
	const Lookup<Grant> last = find_grant_of(grant_folder_of(Role::tunnel, paths), serial.str());
	if (time && last.found() && last->issued == time->wall)
		std::this_thread::sleep_for(kPace);
}

Outcome outcome_for(const Caller& caller, std::string& relay) {
	const Result<std::string> request = forced::read_document(STDIN_FILENO, kRequestMax, kPatience);
	if (!request && request.error().code == Fault::too_large)
		return refuse(Refusal::malformed, request.error().what);
	if (!request)
		return refuse(Refusal::timeout, "the relay got no whole request", request.error().what);
	Paths paths;
	Result<Config> config = load_config(paths);
	if (!config)
		return refuse(
			Refusal::internal, "the relay's own configuration is broken", config.error().what);
	relay = config->relay_name;
	keep_pace(caller.serial, paths);
	const Result<Now> time = read_clocks();
	if (!time)
		return refuse(Refusal::internal, "the relay does not know the time", time.error().what);
	return enrol(caller, *request, Surroundings{std::move(paths), *std::move(config), *time});
}

int run(std::span<const char* const> arguments) {
	if (forced::asks_for_help(arguments))
		return write_all(STDOUT_FILENO, kHelp) ? EX_OK : EX_IOERR;
	const Result<Caller> caller = parse_arguments(arguments);
	if (!caller) {
		static_cast<void>(write_all(STDERR_FILENO, "enroll: " + caller.error().what + "\n"));
		return EX_USAGE;
	}
	std::string relay;
	const Outcome outcome = outcome_for(*caller, relay);
	tell_journal(*caller, outcome, relay);
	if (outcome.twin)
		tell_twin(*caller, outcome);
	if (!write_all(STDOUT_FILENO, format_answer(outcome.answer)))
		return EX_IOERR;
	return exit_status(outcome.answer);
}

}    // namespace
}    // namespace rassist::enroll

int main(int argc, char** argv) {
	rassist::forced::settle();
	try {
		return rassist::enroll::run(rassist::forced::arguments(argc, argv));
	} catch (const std::exception&) {
		return EX_OSERR;
	}
}
