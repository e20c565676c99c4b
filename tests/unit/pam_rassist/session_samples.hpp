// Logins, grants and older sessions that the tests of the session steps are about.
#pragma once

#include "common/records/registry.hpp"
#include "common/system/files_write.hpp"
#include "common/system/process.hpp"
#include "tests/unit/pam_rassist/test_world.hpp"

#include <gtest/gtest.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

namespace rassist::pam {

inline PublicKey key() {
	return PublicKey::parse(
		"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f")
		.value();
}
inline Request by_key(Account account) { return {account, key(), false, "203.0.113.20 5022"}; }
inline Request by_code() { return {Account::assist, {}, true, "tunnel"}; }

inline Grant grant(Role role, const std::string& subject) {
	Grant made{
		role, subject, key(), std::nullopt, kTestNow - 60, std::nullopt, 0, "", {}, {}, {}, ""};
	if (role == Role::tunnel) {
		made.window = Id::parse("abcdefghjk").value();
		made.sequence = 1;
		made.relay = "relay";
	}
	if (role == Role::tunnel || role == Role::activation)
		made.expires = Deadline{kTestNow + 600, std::nullopt};
	return made;
}

inline void put(const TestWorld& world, const Grant& made) {
	ASSERT_TRUE(put_grant(grant_folder_of(made.role, world.paths()), made, false, getuid()).ok());
}
inline void put_device(const TestWorld& world, bool blocked = false) {
	const Device device{Serial::parse("sn123").value(), "127.64.0.7", blocked, {}, "", kTestNow};
	ASSERT_TRUE(write_file(world.paths().devices() + "/sn123", format_device(device),
		{0644, std::nullopt, std::nullopt, true, false})
					.ok());
}
inline std::vector<Session> sessions(const TestWorld& world) {
	return list_live_sessions(world.paths())->sessions;
}

/// An older connection: a process of ours that waits to be ended.
class Older {
public:
	Older(const TestWorld& world, Role role, const std::string& subject) : pid_(fork()) {
		if (pid_ == 0)
			while (true)
				pause();
		Session session;
		session.role = role;
		session.subject = subject;
		session.pid = pid_;
		session.started = read_process_start(pid_).value();
		session.key = "SHA256:x";
		session.from = "203.0.113.50 1";
		EXPECT_TRUE(register_session(world.paths(), session).ok());
	}
	Older(const Older&) = delete;
	Older& operator=(const Older&) = delete;
	~Older() {
		kill(pid_, SIGKILL);
		waitpid(pid_, nullptr, 0);
	}
	[[nodiscard]] bool lives() const { return read_process_start(pid_).ok(); }

private:
	pid_t pid_;
};

}    // namespace rassist::pam
