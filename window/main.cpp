// window is root's part of an assistance window. systemd runs it (rassist-agent.service,
// rassist-sweep.service).
#include "window/system_host.hpp"
#include "window/texts.hpp"
#include "window/window_unit.hpp"

#include <signal.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>

namespace rassist::window_unit {
namespace {

int exit_status_of(Fault fault) {
	switch (fault) {
	case Fault::invalid:
	case Fault::not_found:
	case Fault::untrusted:
		return EX_CONFIG;
	case Fault::too_large:
		return EX_DATAERR;
	case Fault::denied:
		return EX_NOPERM;
	case Fault::expired:
	case Fault::busy:
		return EX_TEMPFAIL;
	case Fault::exists:
	case Fault::unavailable:
	case Fault::unsupported:
		return EX_UNAVAILABLE;
	case Fault::io:
		return EX_IOERR;
	case Fault::internal:
		break;
	}
	return EX_SOFTWARE;
}

/// Writes to standard error, with the priority of an error where that leads to the journal
/// (sd-daemon(3)) and with the program's name where a person reads it.
void complain(const std::string& sentence) {
	const bool by_systemd = ::secure_getenv("JOURNAL_STREAM") != nullptr;
	std::fprintf(stderr, "%s%s\n", by_systemd ? "<3>" : "window: ", sentence.c_str());
}

int tell_failure(const Error& error, const std::string& what) {
	complain(what + ": " + error.what);
	return exit_status_of(error.code);
}

int tell_report(const CloseReport& closed) {
	const SweepReport& swept = closed.swept;
	if (swept.processes > 0 || swept.files > 0)
		std::printf(
			"swept: %d processes, %d files, jobs and the like\n", swept.processes, swept.files);
	for (const std::string& trouble : closed.troubles)
		complain("not all is gone: " + trouble);
	return closed.troubles.empty() ? EX_OK : EX_IOERR;
}

struct VerbCall {
	Paths paths;
	Result<AssistAccount> account;
	SystemHost system;
	[[nodiscard]] WindowUnit unit() {
		return WindowUnit(paths, account ? *account : AssistAccount{}, system);
	}
};

int open_verb(VerbCall& call) {
	if (!call.account)
		return tell_failure(call.account.error(), "the window was not opened");
	const Result<Window> opened = call.unit().open();
	if (opened)
		return EX_OK;
	call.system.say("not opened: " + opened.error().what);
	return tell_failure(opened.error(), "the window was not opened");
}

int reload_verb(VerbCall& call) {
	const Result<Window> changed = call.unit().reload();
	return changed ? EX_OK : tell_failure(changed.error(), "the window was not changed");
}

int close_verb(VerbCall& call) { return tell_report(call.unit().close()); }

int sweep_verb(VerbCall& call) {
	const Result<CloseReport> swept = call.unit().sweep();
	return swept ? tell_report(*swept) : tell_failure(swept.error(), "not swept");
}

struct UnitVerb {
	std::string_view name;
	const char* help;
	int (*run)(VerbCall&);
};
constexpr std::array<UnitVerb, 4> kVerbs{{
	{"open", "open a window: of the length in /run/rassist/request, else of the config's",
		open_verb},
	{"reload", "extend or shorten the open window as /run/rassist/request says", reload_verb},
	{"close", "end the window and remove whatever it left; does no harm where none is open",
		close_verb},
	{"sweep",
		"remove what a window that ended without a close left: after a power cut, or a close that "
		"was killed",
		sweep_verb},
}};

int usage(std::FILE* to, int status) {
	std::fputs("usage: window VERB\n\nRun by systemd as root. A person says: rassist open, rassist "
			   "extend, rassist close.\n\n",
		to);
	for (const UnitVerb& verb : kVerbs)
		std::fprintf(to, "  %-8s %s\n", std::string(verb.name).c_str(), verb.help);
	return status;
}

/// A stop that cut a step in the middle would leave half a window, so signals wait: each verb takes
/// less than a second, and a stop runs `close` afterwards.
void block_signals() {
	sigset_t signals;
	::sigemptyset(&signals);
	for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGPIPE})
		::sigaddset(&signals, signal);
	::sigprocmask(SIG_BLOCK, &signals, nullptr);
}

int run(int argc, char** argv) {
	const std::string_view name = argc == 2 ? argv[1] : "";
	if (name == "--help" || name == "-h")
		return usage(stdout, EX_OK);
	for (const UnitVerb& verb : kVerbs) {
		if (verb.name != name)
			continue;
		if (::geteuid() != 0) {
			complain("only root opens and closes the window");
			return EX_NOPERM;
		}
		block_signals();
		::umask(0077);
		const Paths paths;
		Result<AssistAccount> account = find_assist_account(paths);
		const std::optional<AssistAccount> swept =
			account ? std::optional<AssistAccount>(*account) : std::nullopt;
		VerbCall call{paths, std::move(account), SystemHost(swept)};
		return verb.run(call);
	}
	return usage(stderr, EX_USAGE);
}

}    // namespace
}    // namespace rassist::window_unit

int main(int argc, char** argv) {
	try {
		return rassist::window_unit::run(argc, argv);
	} catch (const std::exception& broken) {
		std::fprintf(stderr, "window: %s\n", broken.what());
		return EX_SOFTWARE;
	}
}
