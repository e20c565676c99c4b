// What a verb needs of the world: folders, streams, the person who is asked, programs that are run.
// It is handed in, so that a verb can be tested without root, systemd, a terminal or a network.
#pragma once

#include "common/base/paths.hpp"
#include "common/base/result.hpp"
#include "common/base/secret.hpp"
#include "common/system/child.hpp"
#include "common/system/run.hpp"
#include "rassist/frame/journal_reader.hpp"

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>

namespace rassist::cli {

struct Verb;

struct Context {
	Paths paths{};
	uid_t root = 0;    ///< the uid that stands for root
	uid_t user = 0;    ///< who runs us
	/// The person's home from the account database, where ssh looks for ~ as well.
	std::string home;
	std::string agent_socket;                     ///< SSH_AUTH_SOCK, "" where there is none
	std::string agent_account = kAgentAccount;    ///< who owns a device's identity
	std::string nsswitch = "/etc/nsswitch.conf";
	/// The file by which support's ssh knows the relay; `setup support` makes it.
	std::string relay_ssh = "/etc/ssh/ssh_config.d/51-rassist-relay.conf";
	/// Whether stdout is a terminal, where bold is welcome.
	bool terminal = false;
	/// Whether stderr is a terminal, where a progress bar is welcome.
	bool progress = false;
	std::ostream& out;
	std::ostream& err;
	/// Asks for a secret, without echo on a terminal.
	std::function<Result<Secret>(std::string_view prompt)> ask;
	/// Runs a program to its end (common/system/run.hpp).
	std::function<Result<Finished>(
		const ChildPlan& plan, std::string_view input, std::chrono::milliseconds timeout)>
		run;
	JournalSource journal{};       ///< where `why` and `history` read
	const Verb* verb = nullptr;    ///< the one that is being run

	/// Says what was wrong with the command line and what would have been right; hands back
	/// EX_USAGE.
	[[nodiscard]] int usage(std::string_view what) const;
	/// Says why it could not be done; hands back the exit code.
	[[nodiscard]] int fail(int code, std::string_view what) const;
	/// Says it on stderr; the verb goes on.
	void warn(std::string_view what) const;
	[[nodiscard]] bool is_root() const { return user == root; }
	/// The text in bold where stdout is a terminal, and unchanged elsewhere.
	[[nodiscard]] std::string bold(std::string_view text) const;
};

}    // namespace rassist::cli
