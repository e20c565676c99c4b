#include "pam_rassist/decide.hpp"

#include "common/admission/origin.hpp"
#include "common/keys/code.hpp"
#include "common/records/config.hpp"
#include "common/records/window.hpp"
#include "common/sessions/connection.hpp"

namespace rassist::pam {
namespace {

void log_refused(World& world, const Request& request, const std::string& reason) {
	JournalEntry entry(
		kProgram, Priority::warning, message::kLoginRefused, "login refused: " + reason);
	Connection::of(world.process()).tell(entry);
	world.log(entry.field("RASSIST_REASON", reason).field("RASSIST_FROM", request.from));
}

/// A refusal as the person reads it, with the id by which it is found in the journal.
void tell_refused(World& world, const std::string& sentence) {
	const auto id = Connection::of(world.process()).id;
	world.tell(id ? sentence + " (attempt " + id->str() + ")" : sentence);
}

Decision refuse(World& world, const Request& request, const std::string& reason) {
	log_refused(world, request, reason);
	return Decision::denied;
}

JournalEntry about(const World& world, const Window& window, const Request& request,
	Priority priority, std::string_view id, const std::string& sentence) {
	JournalEntry entry(kProgram, priority, id, sentence);
	entry.field("RASSIST_SERIAL", window.serial.str())
		.field("RASSIST_WINDOW", window.id.str())
		.field("RASSIST_FROM", request.from);
	entry.field("RASSIST_ROLE", format_role(Role::assist));
	Connection::of(world.process()).tell(entry);
	return entry;
}

Decision shut(World& world, const Request& request, const Window& window) {
	tell_refused(world, "Too many wrong codes: typing is off for the rest of this window. The "
						"code's key still works (rassist key " +
							window.serial.str() + ").");
	log_refused(world, request,
		"typed codes are off for the rest of this window, after " +
			std::to_string(kWrongCodesAllowed) + " wrong ones");
	return Decision::exhausted;
}

/// Answers a wrong code that was number `count`. The last one turns the typed way off.
Decision wrong(World& world, const Request& request, const Window& window, int count) {
	const bool last = count >= kWrongCodesAllowed;
	std::string sentence = "wrong code " + std::to_string(count) + " of " +
						   std::to_string(kWrongCodesAllowed) + " was typed";
	if (last)
		sentence += ": typed codes are off for the rest of this window, the key still works";
	world.log(about(world, window, request, last ? Priority::warning : Priority::notice,
		message::kWrongCode, sentence));
	tell_refused(world, "That is not the code of " + window.serial.str() + ".");
	return last ? Decision::exhausted : Decision::denied;
}

/// What was counted was no wrong code.
void take_back(World& world, const Request& request, const Window& window) {
	if (const auto taken_back = uncount_wrong_code(world.paths(), world.root()); !taken_back)
		world.log(about(world, window, request, Priority::warning, {},
			"a try stays counted as a wrong code: " + taken_back.error().what));
}

/// Counted before it is compared: however many come at once, no more are compared than may be
/// wrong.
Decision compare(World& world, const Request& request, const Window& window, const Code& typed) {
	const auto count = count_wrong_code(world.paths(), world.root());
	if (!count)
		return refuse(world, request, "the wrong codes cannot be counted: " + count.error().what);
	if (*count > kWrongCodesAllowed) {
		take_back(world, request, window);
		return shut(world, request, window);
	}
	const auto code = read_window_code(world.paths(), world.root());
	if (!code) {
		take_back(world, request, window);
		return refuse(world, request, "the window's code: " + code.error().what);
	}
	if (!typed.equals(*code))
		return wrong(world, request, window, *count);
	take_back(world, request, window);
	world.log(about(world, window, request, Priority::info, message::kLoginAllowed,
		"login of support to " + window.serial.str() + " by typed code"));
	return Decision::allowed;
}

/// Everybody's list alone: which person it is, sshd says in the session step. What is told here
/// sshd shows before it disconnects.
Decision from_its_place(World& world, const Request& request, const Config& config) {
	const auto refused = refuse_origin(config.support_from, {}, request.from);
	if (!refused)
		return Decision::allowed;
	world.tell("Refused: " + *refused + ".");
	return refuse(world, request, *refused);
}

}    // namespace

Decision authenticate(const Request& request, World& world) {
	if (request.account != Account::assist)
		return refuse(world, request, "this account logs in by key alone");
	const auto config = load_config(world.paths(), world.root());
	if (!config)
		return refuse(world, request, config.error().what);
	const auto window = read_open_window(world);
	if (!window)
		return refuse(world, request, window.error().what);
	if (!config->typed_code) {
		world.tell(
			"The code cannot be typed here. Use its key: rassist key " + window->serial.str());
		log_refused(world, request, "typed-code is off in the configuration");
		return Decision::exhausted;
	}
	const auto before = read_wrong_codes(world.paths(), world.root());
	if (!before)
		return refuse(world, request, "the count of wrong codes: " + before.error().what);
	if (*before >= kWrongCodesAllowed)
		return shut(world, request, *window);

	const auto text = world.ask("Assistance code of " + window->serial.str() + ": ");
	if (!text)
		return refuse(world, request, "no code was typed: " + text.error().what);
	const auto typed = Code::parse(text->text());
	if (!typed) {
		world.tell("That is not a code: " + typed.error().what);
		return refuse(world, request, "what was typed is not a code");
	}
	return compare(world, request, *window, *typed);
}

Decision account(const Request& request, World& world) {
	const auto config = load_config(world.paths(), world.root());
	if (!config)
		return refuse(world, request, config.error().what);
	if (request.account == Account::support)
		return from_its_place(world, request, *config);
	if (request.account != Account::assist)
		return Decision::allowed;
	const auto window = read_open_window(world);
	if (window)
		return Decision::allowed;
	if (window.error().code == Fault::expired)
		tell_refused(world, "The assistance window is closed.");
	log_refused(world, request, window.error().what);
	return window.error().code == Fault::expired ? Decision::closed : Decision::denied;
}

}    // namespace rassist::pam
