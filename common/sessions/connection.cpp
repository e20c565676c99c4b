#include "common/sessions/connection.hpp"

#include "common/system/clock.hpp"
#include "common/system/process.hpp"

#include <cstdint>
#include <string>

namespace rassist {
namespace {

/// FNV-1a, 64 bits, its ends stirred (the finalizer of splitmix64): an id is no secret, it only has
/// to differ.
std::uint64_t digest(std::string_view text) {
	std::uint64_t sum = 0xcbf29ce484222325;
	for (const char c : text)
		sum = (sum ^ static_cast<unsigned char>(c)) * 0x100000001b3;
	sum = (sum ^ (sum >> 30)) * 0xbf58476d1ce4e5b9;
	sum = (sum ^ (sum >> 27)) * 0x94d049bb133111eb;
	return sum ^ (sum >> 31);
}

Result<Id> id_of(pid_t sshd) {
	const Result<std::uint64_t> started = read_process_start(sshd);
	if (!started)
		return started.error();
	const Result<Now> time = read_clocks();
	if (!time)
		return time.error();
	return Id::of_number(
		digest(time->boot_id + " " + std::to_string(sshd) + " " + std::to_string(*started)));
}

}    // namespace

Connection Connection::of(pid_t sshd) {
	Connection connection{sshd, {}};
	if (Result<Id> id = id_of(sshd))
		connection.id = *std::move(id);
	return connection;
}

void Connection::tell(JournalEntry& entry, std::string_view name) const {
	if (id)
		entry.field(name, id->str()).field("RASSIST_SSHD", std::to_string(sshd));
}

}    // namespace rassist
