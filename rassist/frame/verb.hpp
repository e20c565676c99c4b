// The command line as a table of verbs: usage, help, dispatch and completion all walk it. What a
// verb needs of the world stands in Context, so that a verb can be tested without root, systemd, a
// terminal or a network.
#pragma once

#include "common/base/paths.hpp"
#include "common/base/result.hpp"
#include "common/base/secret.hpp"
#include "common/system/child.hpp"
#include "common/system/process.hpp"
#include "common/system/run.hpp"
#include "rassist/frame/journal_reader.hpp"
#include "rassist/frame/options.hpp"

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rassist::cli {

struct Verb;

struct Context {
	Paths paths{};
	uid_t root = 0;    ///< the uid that stands for root
	uid_t user = 0;    ///< who runs us
	/// the person's, from the account database: where ssh looks for ~
	std::string home;
	std::string agent_socket;                     ///< SSH_AUTH_SOCK, "" where there is none
	std::string agent_account = kAgentAccount;    ///< who owns a device's identity
	std::string nsswitch = "/etc/nsswitch.conf";
	/// the relay as support's ssh knows it, made by `setup support`
	std::string relay_ssh = "/etc/ssh/ssh_config.d/51-rassist-relay.conf";
	/// stdout is one: bold is welcome
	bool terminal = false;
	/// stderr is one: a progress bar is welcome
	bool progress = false;
	std::ostream& out;
	std::ostream& err;
	/// Asks for a secret, without echo on a terminal.
	std::function<Result<Secret>(std::string_view prompt)> ask;
	/// Runs a program to its end (common/system/process.hpp).
	std::function<Result<Finished>(
		const ChildPlan& plan, std::string_view input, std::chrono::milliseconds timeout)>
		run;
	JournalSource journal{};       ///< where `why` and `history` read
	const Verb* verb = nullptr;    ///< the one being run

	/// Says what was wrong with the command line and what would have been right. EX_USAGE.
	[[nodiscard]] int usage(std::string_view what) const;
	/// Says why it could not be done; hands back the exit code.
	[[nodiscard]] int fail(int code, std::string_view what) const;
	/// On stderr, and it goes on.
	void warn(std::string_view what) const;
	[[nodiscard]] bool is_root() const { return user == root; }
	/// For the eye on a terminal, unchanged elsewhere.
	[[nodiscard]] std::string bold(std::string_view text) const;
};

/// Where a verb belongs. Bits: `sessions` belongs to two.
enum Where : unsigned { kOnDevice = 1, kOnRelay = 2, kForSupport = 4, kAnywhere = 8 };

struct Verb {
	std::string_view name;    ///< one word, or two: "device add"
	unsigned where = kAnywhere;
	bool needs_root = false;
	std::string_view operands;    ///< "SERIAL", "[SERIAL]", "" for none
	std::span<const Option> options;
	/// one line; "" hides it (what programs call)
	std::string_view help;
	/// what `rassist help VERB` says beyond
	std::string_view details;
	/// exit code, or what went wrong
	Result<int> (*run)(Context& context, const Arguments& arguments);
};

/// The table.
[[nodiscard]] std::span<const Verb> verbs();

/// The verb these words begin with, the longer name first. nullptr: none.
[[nodiscard]] const Verb* find_verb(std::span<const std::string> words);
/// "rassist open [--for DURATION]"
[[nodiscard]] std::string synopsis(const Verb& verb);
/// All verbs, by place.
[[nodiscard]] std::string overview();
/// One verb, or a family ("device"). "" where there is none.
[[nodiscard]] std::string help_of(std::span<const std::string> words);

/// Runs the verb the words name (without the program's own name). The exit code.
[[nodiscard]] int dispatch(Context& context, std::span<const std::string> words);

/// sysexits(3) code of a failure.
[[nodiscard]] int exit_code(Fault fault);

}    // namespace rassist::cli
