// guard becomes the nft that owns the relay's rules, and keeps its sets in step with the
// configuration. rassist-guard.service runs it.
#include "common/base/journal.hpp"
#include "common/base/parse_network.hpp"
#include "common/system/files.hpp"
#include "common/system/files_write.hpp"
#include "common/system/process.hpp"
#include "common/system/run.hpp"
#include "guard/sets.hpp"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <exception>
#include <span>
#include <thread>

namespace rassist::guard {
namespace {

constexpr const char* kNft = "/usr/sbin/nft";
constexpr std::string_view kProgram = "rassist-guard";
constexpr std::chrono::milliseconds kPatience{10'000};
constexpr std::chrono::milliseconds kLook{20};
constexpr std::string_view kHelp = R"(usage: guard start | load | reload

What rassist-guard.service runs on a relay. start: becomes the nft(8) that owns
the table rassist_guard for as long as it lives. load: brings the table's sets
in step with rassist.conf(5). reload: the same, and a configuration that cannot
be used leaves them as they are. See rassist-guard(8).
)";

std::string input_path(const Paths& paths) { return paths.guard_run + "/input"; }
std::string sets_path(const Paths& paths) { return paths.guard_run + "/sets.nft"; }

void tell(Priority priority, const std::string& sentence) {
	JournalEntry(kProgram, priority, message::kGuardLoaded, sentence).send();
}

int tell_refusal(const Error& error, const std::string& consequence) {
	tell(Priority::error, error.what + "; " + consequence);
	return error.code == Fault::unavailable ? EX_UNAVAILABLE : EX_CONFIG;
}

Status include_rules(int fd, const std::string& file) {
	return write_all(fd, "include \"" + file + "\"\n");
}

/// Takes a lock that is held by whoever has a copy of this descriptor, and so by the nft that we
/// become, to its end.
Status hold_lock(const Paths& paths) {
	// NOLINT: to be inherited
	const int fd =
		::open(paths.guard_lock().c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_NOCTTY, 0644);
	struct flock lock {};
	lock.l_type = F_WRLCK;
	lock.l_whence = SEEK_SET;
	if (fd < 0 || ::fchmod(fd, 0644) != 0 || ::fcntl(fd, F_OFD_SETLK, &lock) != 0)
		return os_error(errno, paths.guard_lock());
	return Done{};
}

/// nft reads what a pipe of ours tells it. It has that pipe open for writing too, so the pipe never
/// ends.
Status open_input(const Paths& paths) {
	const std::string path = input_path(paths);
	for (const std::string& old : {path, paths.guarding()})
		if (Status removed = remove_file(old); !removed)
			return removed;
	if (::mkfifo(path.c_str(), 0600) != 0)
		return os_error(errno, path);
	const UniqueFd input(::open(path.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY));
	if (!input || ::dup2(input.get(), STDIN_FILENO) < 0)
		return os_error(errno, path);
	return include_rules(STDIN_FILENO, paths.guard_rules());
}

int start(const Paths& paths) {
	if (const Status taken = open_input(paths); !taken)
		return tell_refusal(taken.error(), "the rules are not loaded");
	if (const Status held = hold_lock(paths); !held)
		return tell_refusal(held.error(), "the rules are not loaded");
	// NOLINT: execve takes them so
	std::array<char*, 3> argv{const_cast<char*>(kNft), const_cast<char*>("-i"), nullptr};
	std::array<char*, 1> environment{nullptr};
	::execve(kNft, argv.data(), environment.data());
	return tell_refusal(os_error(errno, kNft), "the rules are not loaded");
}

/// Whether the table's sets are those of this generation.
bool are_sets_in_force(std::uint32_t generation) {
	const auto listed =
		run({.argv = {kNft, "-n", "list", "set", "inet", "rassist_guard", "generation"},
				.environment = {},
				.pipe_stdin = false,
				.pipe_stdout = true,
				.pipe_stderr = true},
			{}, kPatience);
	return listed && listed->status == 0 &&
		   listed->out.find(format_generation(generation)) != std::string::npos;
}

/// Puts the sets in force in one transaction: at no moment are they other than before or after.
Status put_in_force(
	const Paths& paths, const Guarding& guarding, const std::vector<Network>& support_from) {
	std::uint32_t generation = 0;
	if (::getrandom(&generation, sizeof(generation), 0) != sizeof(generation))
		return os_error(errno, "getrandom");
	Attributes attributes;
	attributes.mode = 0600;
	attributes.durable = false;
	if (Status written = write_file(
			sets_path(paths), format_sets(guarding, support_from, generation), attributes);
		!written)
		return written;
	const UniqueFd input(::open(
		input_path(paths).c_str(), O_WRONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY));
	if (!input)
		return os_error(errno, input_path(paths));
	if (Status fed = include_rules(input.get(), sets_path(paths)); !fed)
		return fed;
	const auto until = std::chrono::steady_clock::now() + kPatience;
	while (!are_sets_in_force(generation)) {
		if (std::chrono::steady_clock::now() > until)
			return Error{Fault::unavailable,
				"nft did not take " + sets_path(paths) +
					": what it said stands in the journal of rassist-guard.service"};
		std::this_thread::sleep_for(kLook);
	}
	attributes.mode = 0644;
	return write_file(paths.guarding(), format_guarding(guarding), attributes);
}

Result<PortRange> read_outgoing_ports() {
	const std::string path = "/proc/sys/net/ipv4/ip_local_port_range";
	const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
	if (!file)
		return os_error(errno, path);
	const auto text = read_all(file.get(), 64);
	if (!text)
		return text.error().within(path);
	const std::vector<std::string> words = split_words(trimmed(*text));
	const auto first = words.size() == 2
						   ? parse_integer(words[0], 0, 65535)
						   : Result<std::int64_t>(Error{Fault::invalid, "not two numbers"});
	const auto last = words.size() == 2 ? parse_integer(words[1], 0, 65535) : first;
	if (!first || !last)
		return Error{Fault::invalid, path + ": not two ports"};
	return PortRange{static_cast<int>(*first), static_cast<int>(*last)};
}

/// Where it is the `first` load, nothing is in force yet, and a broken configuration means that
/// nothing is published. Later, a broken configuration changes nothing.
int load(const Paths& paths, bool first) {
	const auto config = load_config(paths);
	const auto outgoing = read_outgoing_ports();
	if (!first && (!config || !outgoing))
		return tell_refusal(
			config ? outgoing.error() : config.error(), "the guard goes on as it was");
	Guarding guarding;
	if (config && outgoing)
		guarding = plan_guarding(*config, *outgoing);
	else
		guarding.off = "the relay's configuration cannot be used: " +
					   (config ? outgoing.error() : config.error()).what;
	if (const Status done =
			put_in_force(paths, guarding, config ? config->support_from : std::vector<Network>());
		!done)
		return tell_refusal(
			done.error(), first ? "the rules are not loaded" : "the guard goes on as it was");
	std::string places;
	for (const std::string& address : guarding.addresses)
		places += (places.empty() ? "" : " ") + address;
	tell(config ? Priority::notice : Priority::error,
		guarding.off.empty()
			? "guard: devices may be published on " + places + ", ports " + guarding.ports.str()
			: "guard: no device is published: " + guarding.off);
	return EX_OK;
}

int run_verb(std::span<char* const> arguments) {
	const std::string_view verb = arguments.size() == 1 ? arguments[0] : "";
	const Paths paths;
	if (verb == "start")
		return start(paths);
	if (verb == "load" || verb == "reload")
		return load(paths, verb == "load");
	const bool help = verb == "--help" || verb == "-h";
	static_cast<void>(write_all(help ? STDOUT_FILENO : STDERR_FILENO, kHelp));
	return help ? EX_OK : EX_USAGE;
}

}    // namespace
}    // namespace rassist::guard

int main(int argc, char** argv) {
	try {
		return rassist::guard::run_verb(
			std::span(argv, static_cast<std::size_t>(argc)).subspan(argc > 0 ? 1 : 0));
	} catch (const std::exception&) {
		return EX_OSERR;
	}
}
