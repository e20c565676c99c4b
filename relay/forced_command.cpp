#include "relay/forced_command.hpp"

#include "common/system/clock.hpp"
#include "common/system/files.hpp"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <exception>

namespace rassist::forced {
namespace {

constexpr rlim_t kFileMost = 64UL * 1024;    // a record
constexpr rlim_t kFilesMost = 256;
constexpr rlim_t kMemoryMost = 256UL * 1024 * 1024;

/// Whether `--help` or `-h` is the only argument.
bool asks_for_help(std::span<const char* const> arguments) {
	if (arguments.size() != 1)
		return false;
	const std::string_view only = arguments[0];
	return only == "--help" || only == "-h";
}

}    // namespace

void harden_process() noexcept {
	const auto limit = [](auto what, rlim_t most) {
		const rlimit both{most, most};
		::setrlimit(what, &both);
	};
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_FSIZE, kFileMost);
	limit(RLIMIT_NOFILE, kFilesMost);
#ifndef __SANITIZE_ADDRESS__    // whose shadow is terabytes
	limit(RLIMIT_AS, kMemoryMost);
#endif
	::prctl(PR_SET_DUMPABLE, 0);
	static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
}

int run_program(int argc, const char* const* argv, std::string (*make_help)(),
	int (*run)(std::span<const char* const> arguments)) {
	harden_process();
	try {
		const std::span<const char* const> arguments =
			std::span(argv, static_cast<std::size_t>(argc)).subspan(argc > 0 ? 1 : 0);
		if (asks_for_help(arguments))
			return print(make_help(), EX_OK);
		return run(arguments);
	} catch (const std::exception&) {
		return EX_OSERR;
	}
}

int fail(int status, std::string_view who, const std::string& sentence) {
	static_cast<void>(write_all(STDERR_FILENO, std::string(who) + ": " + sentence + "\n"));
	return status;
}

int print(std::string_view text, int status) {
	return write_all(STDOUT_FILENO, text) ? status : EX_IOERR;
}

std::string read_sshd_variable(const char* variable) {
	const char* value = ::secure_getenv(variable);
	return value == nullptr ? std::string{} : std::string{value};
}

std::string read_client_address() {
	std::string connection = read_sshd_variable("SSH_CONNECTION");
	const std::size_t address_end = connection.find(' ');
	if (address_end == std::string::npos)
		return connection;
	return connection.substr(0, connection.find(' ', address_end + 1));
}

Result<std::string> read_document(int fd, std::size_t max, std::chrono::milliseconds limit) {
	const std::chrono::milliseconds end = read_boot_milliseconds() + limit;
	std::string text;
	std::array<char, 4096> buffer{};
	while (true) {
		const std::chrono::milliseconds left = end - read_boot_milliseconds();
		if (left.count() <= 0)
			return Error{Fault::unavailable,
				"the document did not end within " + std::to_string(limit.count() / 1000) + " s"};
		pollfd input{fd, POLLIN, 0};
		const int ready = ::poll(&input, 1, static_cast<int>(left.count()));
		if (ready == 0 || (ready < 0 && errno == EINTR))
			continue;
		if (ready < 0)
			return os_error(errno, "poll of the input");
		const ssize_t count = ::read(fd, buffer.data(), buffer.size());
		if (count < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (count < 0)
			return os_error(errno, "reading the input");
		if (count == 0)
			return text;
		if (text.size() + static_cast<std::size_t>(count) > max)
			return Error{
				Fault::too_large, "the document is longer than " + std::to_string(max) + " bytes"};
		text.append(buffer.data(), static_cast<std::size_t>(count));
	}
}

}    // namespace rassist::forced
