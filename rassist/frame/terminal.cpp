#include "rassist/frame/terminal.hpp"

#include "common/base/parse.hpp"
#include "common/base/unique_fd.hpp"
#include "common/system/files.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <ostream>

namespace rassist::cli {

namespace {

constexpr std::size_t kLineMax = 1024;

/// Holds back signals that end or stop us until the terminal echoes again. The kernel delivers them
/// when this goes.
class HeldSignals {
public:
	HeldSignals() {
		sigset_t all;
		sigemptyset(&ending_);
		for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT})
			sigaddset(&ending_, signal);
		all = ending_;
		sigaddset(&all, SIGTSTP);
		sigprocmask(SIG_BLOCK, &all, &before_);
		fd_ = UniqueFd(signalfd(-1, &ending_, SFD_CLOEXEC));
	}
	HeldSignals(const HeldSignals&) = delete;
	HeldSignals& operator=(const HeldSignals&) = delete;
	~HeldSignals() { sigprocmask(SIG_SETMASK, &before_, nullptr); }
	/// It is readable (and never read) once a signal that ends us has come.
	[[nodiscard]] int fd() const { return fd_.get(); }

private:
	sigset_t before_{};
	sigset_t ending_{};
	UniqueFd fd_;
};

class NoEcho {
public:
	explicit NoEcho(int fd) : fd_(fd), changed_(tcgetattr(fd, &before_) == 0) {
		if (changed_) {
			termios silent = before_;
			silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
			silent.c_lflag |= ICANON | ECHONL;
			tcsetattr(fd_, TCSAFLUSH, &silent);
		}
	}
	NoEcho(const NoEcho&) = delete;
	NoEcho& operator=(const NoEcho&) = delete;
	~NoEcho() {
		if (changed_)
			tcsetattr(fd_, TCSANOW, &before_);
	}

private:
	int fd_;
	termios before_{};
	bool changed_;
};

Error error_nothing_given() { return Error{Fault::invalid, "nothing was typed"}; }

/// Reads byte for byte, so that what follows the line stays in stdin.
Result<Secret> read_line(int fd, int interrupt) {
	Secret line;
	while (line.size() < kLineMax) {
		std::array<pollfd, 2> ready{{{fd, POLLIN, 0}, {interrupt, POLLIN, 0}}};
		if (poll(ready.data(), ready.size(), -1) < 0 && errno != EINTR)
			return os_error(errno, "waiting for input");
		if ((ready[1].revents & POLLIN) != 0)
			return Error{Fault::unavailable, "interrupted"};
		if (ready[0].revents == 0)
			continue;
		char byte = 0;
		const ssize_t got = read(fd, &byte, 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return os_error(errno, "reading input");
		if (got == 0 || byte == '\n')
			return line.empty() ? Result<Secret>(error_nothing_given())
								: Result<Secret>(std::move(line));
		line.append(std::string_view(&byte, 1));
	}
	return Error{Fault::too_large, "that line is longer than any code"};
}

}    // namespace

Result<Secret> ask_secret(std::string_view prompt) {
	if (isatty(STDIN_FILENO) == 0)
		return read_line(STDIN_FILENO, -1);
	const UniqueFd terminal(open("/dev/tty", O_RDWR | O_CLOEXEC));
	if (!terminal)
		return os_error(errno, "/dev/tty");
	const HeldSignals held;
	const NoEcho silent(terminal.get());
	if (auto written = write_all(terminal.get(), prompt); !written)
		return std::move(written).error();
	return read_line(terminal.get(), held.fd());
}

// A limit of 1 is the one that the kernel keeps for core_pattern's programs too (fs/coredump.c);
// with 0 it asks them to. PR_SET_DUMPABLE would do as well, but then ssh could not read the key
// that `rassist activate` holds for it in memory.
NoCoreDump::NoCoreDump() noexcept {
	if (getrlimit(RLIMIT_CORE, &before_) == 0) {
		const rlimit none{std::min<rlim_t>(1, before_.rlim_max), before_.rlim_max};
		setrlimit(RLIMIT_CORE, &none);
	}
}

NoCoreDump::~NoCoreDump() { setrlimit(RLIMIT_CORE, &before_); }

std::string format_local_time(std::int64_t unix_seconds) {
	const std::time_t time = unix_seconds;
	std::tm parts{};
	std::array<char, 64> text{};
	if (localtime_r(&time, &parts) == nullptr ||
		std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S %Z", &parts) == 0)
		return format_utc(unix_seconds);
	return text.data();
}

std::string format_count(std::size_t number, std::string_view what) {
	return std::to_string(number) + " " + std::string(what) + (number == 1 ? "" : "s");
}

std::string escape_for_terminal(std::string_view text) {
	std::string result;
	for (const char character : text) {
		const auto byte = static_cast<unsigned char>(character);
		if (byte >= 0x20 && byte < 0x7f) {
			result += character;
		} else {
			constexpr std::string_view kHex = "0123456789abcdef";
			result += {'\\', 'x', kHex[byte >> 4U], kHex[byte & 15U]};
		}
	}
	return result;
}

std::string pad_column(std::string text, std::size_t width, std::size_t gap) {
	text.resize(std::max(width, text.size() + gap), ' ');
	return text;
}

void Columns::print(std::ostream& out) const {
	std::vector<std::size_t> widths(rows_.front().size(), 1);
	for (const auto& row : rows_)
		for (std::size_t i = 0; i < row.size(); ++i)
			widths[i] = std::max(widths[i], row[i].size());
	for (const auto& row : rows_) {
		std::string line;
		for (std::size_t i = 0; i < row.size(); ++i) {
			const std::string& cell = row[i].empty() ? "-" : row[i];
			line += cell;
			line += i + 1 == row.size() ? "\n" : std::string(widths[i] - cell.size() + 2, ' ');
		}
		out << line;
	}
}

}    // namespace rassist::cli
