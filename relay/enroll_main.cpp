// enroll is what an identity or activation key runs on the relay, and nothing else. It reads one
// request, answers it and tells the journal once.
#include "common/admission/store.hpp"
#include "common/base/journal.hpp"
#include "common/base/lookup.hpp"
#include "common/records/last_event.hpp"
#include "common/sessions/connection.hpp"
#include "relay/enroll.hpp"
#include "relay/forced_command.hpp"

#include <sysexits.h>
#include <unistd.h>

#include <span>
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

/// Keeps the refusal for whoever asks later why the device is not there. One that cannot be kept is
/// in the journal all the same.
void keep_refusal(const Serial& serial, const EnrollOutcome& outcome) {
	const Result<Now> time = read_clocks();
	const LastEvent last{time ? time->wall : 0,
		std::string(format_refusal(*outcome.answer.refused)), outcome.answer.message,
		outcome.answer.id, outcome.window};
	static_cast<void>(write_last_event(Paths(), LastEventKind::enroll, serial, last).ok());
}

void tell_journal(
	const EnrollCaller& caller, const EnrollOutcome& outcome, const std::string& relay) {
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
		.field("RASSIST_FROM", forced::read_client_address())
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

/// A second entry beside the one of the enrolment: the relay's admin has to know of the twin.
void tell_twin(const EnrollCaller& caller, const EnrollOutcome& outcome) {
	const std::string& serial = caller.serial.str();
	JournalEntry(kProgram, Priority::warning, message::kDisplaced,
		serial + ": two machines use this device's identity, one is a copy of the other: " +
			(outcome.answer.refused ? "the one with the older window is refused"
									: "they take the tunnel from each other"))
		.field("RASSIST_SERIAL", serial)
		.field("RASSIST_ID", outcome.answer.id.str())
		.field("RASSIST_FROM", forced::read_client_address())
		.field("RASSIST_WINDOW", outcome.window ? outcome.window->str() : "")
		.field("RASSIST_REASON", "twin")
		.send();
}

/// A device may enrol once a second. One that enrols in a loop waits here, and pam_rassist lets it
/// have few sessions at once.
void keep_pace(const Serial& serial, const Paths& paths) {
	const Result<Now> time = read_clocks();
	const Lookup<Grant> last = find_grant_of(grant_folder_of(Role::tunnel, paths), serial.str());
	if (time && last.found() && last->issued == time->wall)
		std::this_thread::sleep_for(kPace);
}

EnrollOutcome read_and_answer(const EnrollCaller& caller, std::string& relay) {
	const Result<std::string> request = forced::read_document(STDIN_FILENO, kRequestMax, kPatience);
	if (!request && request.error().code == Fault::too_large)
		return refuse_unread(Refusal::malformed, request.error().what);
	if (!request)
		return refuse_unread(
			Refusal::timeout, "the relay got no whole request", request.error().what);
	Paths paths;
	Result<Config> config = load_config(paths);
	if (!config)
		return refuse_unread(
			Refusal::internal, "the relay's own configuration is broken", config.error().what);
	relay = config->relay_name;
	keep_pace(caller.serial, paths);
	const Result<Now> time = read_clocks();
	if (!time)
		return refuse_unread(
			Refusal::internal, "the relay does not know the time", time.error().what);
	return answer_request(
		caller, *request, EnrollContext{std::move(paths), *std::move(config), *time});
}

int run(std::span<const char* const> arguments) {
	const Result<EnrollCaller> caller = parse_caller(arguments);
	if (!caller)
		return forced::fail(EX_USAGE, "enroll", caller.error().what);
	std::string relay;
	const EnrollOutcome outcome = read_and_answer(*caller, relay);
	tell_journal(*caller, outcome, relay);
	if (outcome.twin)
		tell_twin(*caller, outcome);
	return forced::print(format_answer(outcome.answer), exit_status_of(outcome.answer));
}

}    // namespace
}    // namespace rassist::enroll

int main(int argc, char** argv) {
	const auto make_help = [] { return std::string(rassist::enroll::kHelp); };
	return rassist::forced::run_program(argc, argv, make_help, rassist::enroll::run);
}
