// rassist-agent keeps the tunnel of an open window. See rassist-agent(8).
#include "common/records/window.hpp"
#include "common/system/clock.hpp"
#include "common/system/files.hpp"
#include "rassist-agent/runner.hpp"
#include "rassist-agent/seen_window.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sysexits.h>
#include <unistd.h>

#include <exception>
#include <string_view>

namespace {

using namespace rassist;
using namespace rassist::agent;

constexpr std::string_view kHelp =
	"usage: rassist-agent\n"
	"Keeps the tunnel of the open assistance window: enrols the window's key at a relay, runs one "
	"ssh with the reverse\n"
	"forwards, and exchanges heartbeats. Runs in rassist-tunnel.service; takes no options. See "
	"rassist-agent(8).\n";

int give_up_with(int status, const std::string& sentence) {
	give_up(sentence);
	return status;
}

int supervise() {
	const Paths paths;
	auto at = read_clocks();
	if (!at)
		return give_up_with(EX_OSERR, at.error().what);
	auto window = read_seen_window(paths, *at);
	if (window.failed())
		return give_up_with(
			EX_DATAERR, "the window's record is not believed: " + window.error().what);
	if (window.absent()) {
		notify_ready("No window is open");
		return EX_OK;
	}
	auto runner = Runner::open(paths, std::move(*window));
	if (!runner)
		return give_up_with(EX_OSERR, runner.error().what);
	notify_ready("Starting");
	return (*runner)->run();
}

/// Nothing of this process is for others to read, and the signals it waits for come through
/// descriptors.
void harden_process() {
	::prctl(PR_SET_DUMPABLE, 0);
	::signal(SIGPIPE, SIG_IGN);
	sigset_t ends;
	::sigemptyset(&ends);
	::sigaddset(&ends, SIGTERM);
	::sigaddset(&ends, SIGINT);
	::sigprocmask(SIG_BLOCK, &ends, nullptr);
}

}    // namespace

int main(int argc, char** argv) {
	try {
		if (argc == 2 &&
			(std::string_view(argv[1]) == "--help" || std::string_view(argv[1]) == "-h"))
			return rassist::write_all(STDOUT_FILENO, kHelp) ? EX_OK : EX_IOERR;
		if (argc != 1) {
			static_cast<void>(rassist::write_all(STDERR_FILENO, kHelp));
			return EX_USAGE;
		}
		harden_process();
		return supervise();
	} catch (const std::exception& error) {
		return give_up_with(EX_SOFTWARE, error.what());
	}
}
