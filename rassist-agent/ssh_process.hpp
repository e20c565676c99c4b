// One ssh child in the event loop: lines go in, bytes come out, its end is told once. Destroying
// the object kills the child.
#pragma once

#include "common/base/result.hpp"
#include "common/system/child.hpp"
#include "common/system/process.hpp"
#include "rassist-agent/loop.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rassist::agent {

class SshProcess {
public:
	struct Hooks {
		std::function<void(std::string_view bytes)> heard;    ///< from its stdout
		/// called once, after everything that it said was heard
		std::function<void(int status)> ended;
	};

	/// The hooks must not destroy the process.
	static Result<std::unique_ptr<SshProcess>> start(
		Loop& loop, std::vector<std::string> argv, Hooks hooks);

	/// Writes to its stdin. What does not fit into the pipe at once is lost: the peer's limit of
	/// silence tells.
	void say(std::string_view text);
	void close_input() { child_.in().reset(); }
	void stop_hearing() { out_->turn_off(); }
	/// The beginning of its messages.
	[[nodiscard]] const std::string& messages() const { return messages_; }

private:
	SshProcess(Child child, Hooks hooks) : child_(std::move(child)), hooks_(std::move(hooks)) {}
	Status watch(Loop& loop);
	void read_out();
	void read_err();
	void keep_message(std::string_view bytes);
	void reap();

	Child child_;
	Hooks hooks_;
	std::string messages_;
	EventSourceHandle out_, err_, end_;
};

}    // namespace rassist::agent
