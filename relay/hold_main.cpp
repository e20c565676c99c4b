// hold is what a tunnel key runs on the relay, and nothing else. Its last act, whatever happens, is
// to end its own sshd.
#include "common/base/journal.hpp"
#include "common/records/last_event.hpp"
#include "common/sessions/connection.hpp"
#include "relay/forced_command.hpp"
#include "relay/hold.hpp"

#include <sys/signalfd.h>
#include <sysexits.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <exception>
#include <span>
#include <string>

namespace rassist::hold {
namespace {

constexpr std::string_view kHelp = R"(usage: hold SERIAL

What sshd runs on the relay for the tunnel key of a device's window. Says
`ready` once the device's listeners stand, exchanges heartbeats with the
device, and ends the connection at the end of the window's time, or when the
device falls silent. Not for people: the helper `authkeys` names it in the
lines it gives to sshd. See rassist-hold(8).
)";

/// In this time sshd passes our last line on, and the device may leave by itself. The time is
/// shorter for a displaced tunnel: the newer one waits for its place.
constexpr std::chrono::milliseconds kParting{300};
constexpr std::chrono::milliseconds kPartingDisplaced{100};

struct HoldResult {
	int status = EX_SOFTWARE;
	std::chrono::milliseconds parting = kParting;
};

/// The journal entries of one hold, with the fields that all of them have.
struct HoldJournal {
	std::string serial;
	std::string id;
	std::string window;
	std::string relay;
	Connection connection = Connection::of_command();    ///< looked at while it lives

	void tell(Priority priority, std::string_view message_id, const std::string& sentence,
		std::string_view reason) const {
		JournalEntry entry("rassist-hold", priority, message_id, serial + ": " + sentence);
		entry.field("RASSIST_SERIAL", serial)
			.field("RASSIST_ID", id)
			.field("RASSIST_WINDOW", window)
			.field("RASSIST_REASON", reason);
		entry.field("RASSIST_RELAY", relay)
			.field("RASSIST_ROLE", format_role(Role::tunnel))
			.field("RASSIST_FROM", forced::read_client_address());
		connection.tell(entry, "RASSIST_CONNECTION");
		entry.send();
	}

	/// Keeps the end for whoever asks later why there is no tunnel.
	void keep_last_event(
		const Paths& paths, const Serial& device, Bye bye, const std::string& sentence) const {
		const Result<Now> time = read_clocks();
		LastEvent last{time ? time->wall : 0, std::string(format_bye(bye)), sentence, {}, {}};
		if (const Result<Id> our_id = Id::parse(id))
			last.id = *our_id;
		if (const Result<Id> our_window = Id::parse(window))
			last.window = *our_window;
		if (const Status kept = write_last_event(paths, LastEventKind::hold, device, last); !kept)
			tell(Priority::warning, {}, "not kept for the desk: " + kept.error().what, {});
	}
};

int fail_usage(const std::string& sentence) { return forced::fail(EX_USAGE, "hold", sentence); }

/// The signals that tell us to go, as a descriptor. They are blocked before anything else happens,
/// so that the last act is never skipped.
UniqueFd open_signals() {
	sigset_t set;
	::sigemptyset(&set);
	for (const int signal : {SIGTERM, SIGHUP, SIGINT})
		::sigaddset(&set, signal);
	::sigprocmask(SIG_SETMASK, &set, nullptr);
	return UniqueFd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

HoldResult hold_and_tell(const Serial& serial, const Id& id, const OwnSshd& sshd, int signals) {
	HoldJournal journal{.serial = serial.str(), .id = id.str(), .window = {}, .relay = {}};
	Paths paths;
	Result<Config> config = load_config(paths);
	if (!config) {
		say_bye(STDOUT_FILENO, Bye::failed);
		journal.tell(Priority::error, message::kTunnelDown,
			"tunnel refused: " + config.error().what, format_bye(Bye::failed));
		return {EX_CONFIG};
	}
	journal.relay = config->relay_name;
	bool was_up = false;
	const HoldPlan plan{std::move(paths), *std::move(config), serial};
	const TunnelEnd end = hold_tunnel(
		plan, sshd, signals, [&](const TunnelWindow& window, const ListeningPlaces& publishing) {
			was_up = true;
			journal.window = window.window.str();
			journal.tell(Priority::notice, message::kTunnelUp,
				"tunnel up until " + format_utc(window.until), {});
			if (!publishing.listening.empty())
				journal.tell(Priority::notice, message::kPublished,
					"published as " + format_published_places(publishing.listening), {});
			if (!publishing.missing.empty())
				journal.tell(Priority::warning, message::kNotPublished,
					"not published: " + publishing.missing, publishing.missing);
		});
	const std::string sentence = (was_up ? "tunnel down: " : "tunnel refused: ") + end.reason;
	journal.tell(was_up ? Priority::notice : Priority::warning, message::kTunnelDown, sentence,
		format_bye(end.bye));
	journal.keep_last_event(plan.paths, serial, end.bye, was_up ? end.reason : sentence);
	return {was_up ? EX_OK : EX_NOPERM, end.bye == Bye::displaced ? kPartingDisplaced : kParting};
}

HoldResult run_attached(std::span<const char* const> arguments, const OwnSshd& sshd, int signals) {
	if (arguments.size() != 1)
		return {fail_usage("takes the serial of a device and nothing else")};
	const Result<Serial> serial = Serial::parse(arguments[0]);
	if (!serial)
		return {fail_usage(serial.error().what)};
	const Result<Id> id = parse_command(forced::read_sshd_variable("SSH_ORIGINAL_COMMAND"));
	if (!id) {
		HoldJournal{.serial = serial->str(), .id = {}, .window = {}, .relay = {}}.tell(
			Priority::warning, message::kTunnelDown, "tunnel refused: " + id.error().what,
			format_bye(Bye::failed));
		return {fail_usage(id.error().what)};
	}
	return hold_and_tell(*serial, *id, sshd, signals);
}

int run(std::span<const char* const> arguments) {
	const UniqueFd told = open_signals();
	if (!told)
		return EX_OSERR;
	const Result<OwnSshd> sshd = OwnSshd::attach();
	if (!sshd)
		return fail_usage(sshd.error().what);
	HoldResult finished;
	try {
		finished = run_attached(arguments, *sshd, told.get());
	} catch (const std::exception&) {
		finished = {EX_OSERR};    // out of memory: the last act all the same
	}
	sshd->end(finished.parting);
	return finished.status;
}

}    // namespace
}    // namespace rassist::hold

int main(int argc, char** argv) {
	const auto make_help = [] { return std::string(rassist::hold::kHelp); };
	return rassist::forced::run_program(argc, argv, make_help, rassist::hold::run);
}
