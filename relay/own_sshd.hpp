// The sshd that started us is the unprivileged process of this connection, with our uid. The end of
// a forced command does not end the connection while a channel is open (measured: with one
// forwarded connection alive the client stayed, and so did its listeners, with new connections
// through them), but a SIGTERM from the command to its sshd does. So that is how a tunnel ends.
#pragma once

#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"

#include <sys/types.h>

#include <chrono>

namespace rassist::hold {

class OwnSshd {
public:
	/// Our parent, held by its pidfd. From now on we get SIGTERM when it dies. not_found where it
	/// died before, untrusted where it is no sshd.
	static Result<OwnSshd> attach();

	/// Waits for `parting` that it ends by itself (it passes our last words on, and the device may
	/// leave). Then it gets SIGTERM, and SIGKILL where that does not help within a second.
	void end(std::chrono::milliseconds parting) const noexcept;

	[[nodiscard]] int pidfd() const noexcept { return pidfd_.get(); }

private:
	explicit OwnSshd(UniqueFd pidfd) : pidfd_(std::move(pidfd)) {}
	UniqueFd pidfd_;
};

}    // namespace rassist::hold
