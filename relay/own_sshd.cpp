#include "relay/own_sshd.hpp"

#include "common/base/parse.hpp"
#include "common/system/files.hpp"
#include "common/system/process.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <string>
#include <string_view>

namespace rassist::hold {
namespace {

/// comm is the name under which the program was started: the relay's door starts it as
/// rassist-relay, and from OpenSSH 9.8 on the process of a connection is sshd-session. (We may not
/// read /proc/PID/exe of a process that changed its uid, but we may read its comm.)
constexpr std::array<std::string_view, 3> kSshd{"sshd", "sshd-session", "rassist-relay"};

Result<std::string> read_process_name(pid_t pid) {
	const std::string path = "/proc/" + std::to_string(pid) + "/comm";
	const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
	if (!file)
		return os_error(errno, path);
	const Result<std::string> text = read_all(file.get(), 64);
	if (!text)
		return text.error();
	return std::string(trimmed(*text));
}

}    // namespace

Result<OwnSshd> OwnSshd::attach() {
	const pid_t parent = ::getppid();
	const Error gone{Fault::not_found, "the sshd that started us is gone"};
	if (parent <= 1)
		return gone;
	UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, parent, 0)));
	if (!pidfd)
		return errno == ESRCH ? gone : os_error(errno, "pidfd_open of our sshd");
	if (::prctl(PR_SET_PDEATHSIG, SIGTERM) != 0)
		return os_error(errno, "PR_SET_PDEATHSIG");
	const Result<std::string> name = read_process_name(parent);
	// It died before the prctl, which then says nothing, and the pidfd may be a stranger's.
	if (::getppid() != parent)
		return gone;
	if (!name)
		return name.error();
	if (std::find(kSshd.begin(), kSshd.end(), std::string_view(*name)) == kSshd.end())
		return Error{Fault::untrusted, "started by " + quoted(*name) + ", not by sshd"};
	return OwnSshd(std::move(pidfd));
}

void OwnSshd::end(std::chrono::milliseconds parting) const noexcept {
	if (wait_process(pidfd_, parting) || !signal_process(pidfd_, SIGTERM))
		return;
	if (!wait_process(pidfd_, std::chrono::seconds(1)))
		static_cast<void>(signal_process(pidfd_, SIGKILL));
}

}    // namespace rassist::hold
