// hold: what a tunnel key runs on the relay, and nothing else. Its last act, whatever happens, is
// to end its own sshd.
#include "common/base/journal.hpp"
#include "common/records/last_event.hpp"
#include "common/sessions/connection.hpp"
#include "common/system/files.hpp"
#include "common/system/run.hpp"
#include "relay/forced_command.hpp"
#include "relay/hold.hpp"

#include <sys/signalfd.h>
#include <sysexits.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <exception>
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

/// For sshd to pass our last line on, and for the device to leave by itself. A newer tunnel waits
/// for the place of a displaced one.
constexpr std::chrono::milliseconds kParting{300};
constexpr std::chrono::milliseconds kPartingDisplaced{100};

struct HoldResult {
	int status = EX_SOFTWARE;
	std::chrono::milliseconds parting = kParting;
};

/// What all entries of one hold have in common.
struct Teller {
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
			.field("RASSIST_FROM", forced::client());
		connection.tell(entry, "RASSIST_CONNECTION");
		entry.send();
	}

	/// For who asks later why there is no tunnel.
	void keep(
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

int usage(const std::string& sentence) {
	static_cast<void>(write_all(STDERR_FILENO, "hold: " + sentence + "\n"));
	return EX_USAGE;
}

/// The signals that tell us to go, as a descriptor. Blocked before anything else, so that the last
/// act is never skipped.
UniqueFd signals() {
	sigset_t set;
	::sigemptyset(&set);
	for (const int signal : {SIGTERM, SIGHUP, SIGINT})
		::sigaddset(&set, signal);
	::sigprocmask(SIG_SETMASK, &set, nullptr);
	return UniqueFd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

HoldResult hold(const Serial& serial, const Id& id, const OwnSshd& sshd, int signals) {
	Teller teller{.serial = serial.str(), .id = id.str(), .window = {}, .relay = {}};
	Paths paths;
	Result<Config> config = load_config(paths);
	if (!config) {
		say_bye(STDOUT_FILENO, Bye::failed);
		teller.tell(Priority::error, message::kTunnelDown, "tunnel refused: " + config.error().what,
			format_bye(Bye::failed));
		return {EX_CONFIG};
	}
	teller.relay = config->relay_name;
	bool was_up = false;
	const HoldPlan plan{std::move(paths), *std::move(config), serial};
	const TunnelEnd end =
		stand(plan, sshd, signals, [&](const HeldWindow& stand, const Publishing& publishing) {
			was_up = true;
			teller.window = stand.window.str();
			teller.tell(Priority::notice, message::kTunnelUp,
				"tunnel up until " + format_utc(stand.until), {});
			if (!publishing.listening.empty())
				teller.tell(Priority::notice, message::kPublished,
					"published as " + format_published_places(publishing.listening), {});
			if (!publishing.missing.empty())
				teller.tell(Priority::warning, message::kNotPublished,
					"not published: " + publishing.missing, publishing.missing);
		});
	const std::string sentence = (was_up ? "tunnel down: " : "tunnel refused: ") + end.reason;
	teller.tell(was_up ? Priority::notice : Priority::warning, message::kTunnelDown, sentence,
		format_bye(end.bye));
	teller.keep(plan.paths, serial, end.bye, was_up ? end.reason : sentence);
	return {was_up ? EX_OK : EX_NOPERM, end.bye == Bye::displaced ? kPartingDisplaced : kParting};
}

HoldResult run(std::span<const char* const> arguments, const OwnSshd& sshd, int signals) {
	if (arguments.size() != 1)
		return {usage("takes the serial of a device and nothing else")};
	const Result<Serial> serial = Serial::parse(arguments[0]);
	if (!serial)
		return {usage(serial.error().what)};
	const Result<Id> id = parse_command(forced::from_sshd("SSH_ORIGINAL_COMMAND"));
	if (!id) {
		Teller{.serial = serial->str(), .id = {}, .window = {}, .relay = {}}.tell(Priority::warning,
			message::kTunnelDown, "tunnel refused: " + id.error().what, format_bye(Bye::failed));
		return {usage(id.error().what)};
	}
	return hold(*serial, *id, sshd, signals);
}

int main(std::span<const char* const> arguments) {
	if (forced::asks_for_help(arguments))
		return write_all(STDOUT_FILENO, kHelp) ? EX_OK : EX_IOERR;
	const UniqueFd told = signals();
	if (!told)
		return EX_OSERR;
	const Result<OwnSshd> sshd = OwnSshd::attach();
	if (!sshd)
		return usage(sshd.error().what);
	HoldResult finished;
	try {
		finished = run(arguments, *sshd, told.get());
	} catch (const std::exception&) {
		finished = {EX_OSERR};    // out of memory: the last act all the same
	}
	sshd->end(finished.parting);
	return finished.status;
}

}    // namespace
}    // namespace rassist::hold

int main(int argc, char** argv) {
	rassist::forced::settle();
	try {
		return rassist::hold::main(rassist::forced::arguments(argc, argv));
	} catch (const std::exception&) {
		return EX_OSERR;
	}
}
