#include "rassist-agent/ssh_process.hpp"

#include "common/system/child.hpp"
#include "common/wire/relay_ssh.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <utility>

namespace rassist::agent {
namespace {

constexpr std::size_t kMessagesMax = 8192;

/// One read: the bytes, or nullopt where there are none now. `ended` is set where there will never
/// be more.
std::optional<std::string_view> read_some(int fd, std::array<char, 4096>& buffer, bool& ended) {
	ssize_t got = -1;
	do {
		got = ::read(fd, buffer.data(), buffer.size());
	} while (got < 0 && errno == EINTR);
	ended = got == 0 || (got < 0 && errno != EAGAIN);
	if (got <= 0)
		return std::nullopt;
	return std::string_view(buffer.data(), static_cast<std::size_t>(got));
}

}    // namespace

Result<std::unique_ptr<SshProcess>> SshProcess::start(
	Loop& loop, std::vector<std::string> argv, Hooks hooks) {
	ChildPlan plan;
	plan.argv = std::move(argv);
	plan.environment = make_relay_ssh_environment();
	plan.pipe_stdin = plan.pipe_stdout = plan.pipe_stderr = true;
	auto child = Child::start(plan);
	if (!child)
		return child.error();
	std::unique_ptr<SshProcess> process(new SshProcess(std::move(*child), std::move(hooks)));
	if (const auto watched = process->watch(loop); !watched)
		return watched.error();
	return process;
}

Status SshProcess::watch(Loop& loop) {
	for (const int fd : {child_.in().get(), child_.out().get(), child_.err().get()})
		if (::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK) != 0)
			return os_error(errno, "pipe to ssh");
	auto out = loop.on_readable(child_.out().get(), [this] { read_out(); });
	if (!out)
		return out.error();
	auto err = loop.on_readable(child_.err().get(), [this] { read_err(); });
	if (!err)
		return err.error();
	auto end = loop.on_readable(child_.pidfd(), [this] { reap(); });
	if (!end)
		return end.error();
	out_ = std::move(*out);
	err_ = std::move(*err);
	end_ = std::move(*end);
	return Done{};
}

void SshProcess::say(std::string_view text) {
	if (child_.in() && ::write(child_.in().get(), text.data(), text.size()) < 0 && errno == EPIPE)
		child_.in().reset();
}

void SshProcess::read_out() {
	std::array<char, 4096> buffer{};
	bool ended = false;
	if (const auto bytes = read_some(child_.out().get(), buffer, ended))
		hooks_.heard(*bytes);
	else if (ended)
		out_->turn_off();
}

void SshProcess::read_err() {
	std::array<char, 4096> buffer{};
	bool ended = false;
	if (const auto bytes = read_some(child_.err().get(), buffer, ended))
		keep_message(*bytes);
	else if (ended)
		err_->turn_off();
}

void SshProcess::keep_message(std::string_view bytes) {
	messages_.append(bytes.substr(0, kMessagesMax - std::min(kMessagesMax, messages_.size())));
}

/// What it said last still lies in the pipes. Their end is not waited for: a proxy command may hold
/// them open.
void SshProcess::reap() {
	std::array<char, 4096> buffer{};
	bool ended = false;
	while (const auto bytes = read_some(child_.out().get(), buffer, ended))
		hooks_.heard(*bytes);
	while (const auto bytes = read_some(child_.err().get(), buffer, ended))
		keep_message(*bytes);
	for (EventSource* source : {out_.get(), err_.get(), end_.get()})
		source->turn_off();
	hooks_.ended(child_.wait(std::chrono::milliseconds(0)).value_or(255));
}

}    // namespace rassist::agent
