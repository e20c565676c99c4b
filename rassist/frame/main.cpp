// rassist: assistance windows from the command line, on the device, on the relay and for support.
// The verbs stand in table.cpp.
#include "common/system/child.hpp"
#include "rassist/frame/dispatch.hpp"
#include "rassist/frame/terminal.hpp"

#include <pwd.h>
#include <sysexits.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <iostream>

namespace {

std::string home_of(uid_t user) {
	const passwd* entry = getpwuid(user);
	return entry == nullptr || entry->pw_dir == nullptr ? "" : entry->pw_dir;
}

std::string read_environment(const char* name) {
	const char* value = secure_getenv(name);
	return value == nullptr ? "" : value;
}

int run(std::span<const std::string> words) {
	using namespace rassist;
	cli::Context context{.user = geteuid(),
		.home = home_of(geteuid()),
		.agent_socket = read_environment("SSH_AUTH_SOCK"),
		.terminal = isatty(STDOUT_FILENO) == 1 && read_environment("NO_COLOR").empty() &&
					read_environment("TERM") != "dumb",
		.progress = isatty(STDERR_FILENO) == 1 && read_environment("TERM") != "dumb",
		.out = std::cout,
		.err = std::cerr,
		.ask = cli::ask_secret,
		.run =
			[](const ChildPlan& plan, std::string_view input, std::chrono::milliseconds timeout) {
				return rassist::run(plan, input, timeout);
			},
		.journal = cli::make_journal_source()};
	const int code = cli::dispatch(context, words);
	std::cout.flush();
	if (!std::cout && code == EX_OK) {
		std::cerr << "rassist: the output could not be written\n";
		return EX_IOERR;
	}
	return code;
}

}    // namespace

int main(int argc, char** argv) {
	try {
		const std::vector<std::string> words(argv + 1, argv + argc);
		return run(words);
	} catch (const std::exception& problem) {
		std::cerr << "rassist: " << problem.what() << "\n";
		return EX_OSERR;
	}
}
