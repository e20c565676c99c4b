// The part of connection.hpp that forced commands need.
#include "common/sessions/connection.hpp"
#include "common/system/process.hpp"

#include <unistd.h>

namespace rassist {

Connection Connection::of_command() {
	const Result<pid_t> sshd = read_process_parent(::getppid());
	return sshd ? of(*sshd) : Connection{};
}

}    // namespace rassist
