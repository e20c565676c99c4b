// A relay's folders, devices, grants, tunnels and sessions for tests.
#pragma once

#include "tests/unit/rassist/frame/cli_world.hpp"
#include "tests/unit/sample_key.hpp"

#include "common/issuing/store_write.hpp"
#include "common/sessions/session.hpp"
#include "common/system/clock.hpp"
#include "common/system/process.hpp"
#include "rassist/relay/registry_write.hpp"

#include "common/keys/digest.hpp"
#include "common/system/child.hpp"
#include "rassist/enforce/enforce.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

namespace rassist::cli::test {

using rassist::test::sample_key;

/// What was looked for, which must not have failed.
template <class T> std::optional<T> there_or_not(const Lookup<T>& found) {
	EXPECT_FALSE(found.failed()) << found.error().what;
	return found.optional();
}

class RelayWorld : public World {
public:
	RelayWorld() {
		for (const auto& path :
			{paths.devices(), paths.staff(), paths.identities(), paths.windows(), paths.revoked(),
				paths.sessions(), paths.ready(), paths.enforce()})
			make(path);
		make(paths.activations(), 0775);
		spill(paths.config(), "");
	}

	void add_device(const std::string& serial, bool blocked = false) const {
		auto device = rassist::add_device(
			paths, Device{*Serial::parse(serial), "", blocked, {}, "", 1'790'000'000});
		ASSERT_TRUE(device) << device.error().what;
	}
	void grant(Role role, const std::string& subject, const PublicKey& key,
		std::int64_t lasts = 3600) const {
		Grant grant{role, subject, key, {}, 1'790'000'000, {}, 0, {}, {}, {}, {}, {}};
		if (role == Role::tunnel || role == Role::activation)
			grant.expires = Deadline{read_clocks()->wall + lasts, {}};
		if (role == Role::tunnel) {
			grant.window = *Id::parse("0123456789");
			grant.relay = "relay";
		}
		if (role == Role::staff)
			grant.scope.push_back(*Scope::parse("*"));
		const auto stored = put_grant(grant_folder_of(role, paths), grant, false, geteuid());
		ASSERT_TRUE(stored) << stored.error().what;
	}
	[[nodiscard]] bool has_grant(Role role, const PublicKey& key) const {
		const auto found = find_grant(grant_folder_of(role, paths), fingerprint_of(key), geteuid());
		return found.found();
	}
	/// As a `hold` with its tunnel up would.
	[[nodiscard]] UniqueFd tunnel(const std::string& serial) const {
		const std::string path = paths.ready() + "/" + serial;
		UniqueFd file(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
		struct flock lock {};
		lock.l_type = F_WRLCK;
		EXPECT_EQ(fcntl(file.get(), F_OFD_SETLK, &lock), 0);
		return file;
	}
	/// A process that lives until it is ended, registered as that login.
	struct Login {
		Child process;
		Session session;
		[[nodiscard]] bool lives() { return !process.wait(std::chrono::milliseconds(0)); }
		[[nodiscard]] std::string entry() const {
			return std::string(format_role(session.role)) + "." + session.subject + "." +
				   std::to_string(session.number);
		}
	};
	[[nodiscard]] Login login(Role role, const std::string& subject, const PublicKey& key,
		std::int64_t seconds_ago = 0, const std::vector<Scope>& scope = {}) const {
		auto child = Child::start({.argv = {"/usr/bin/sleep", "1000"}, .environment = {}});
		Session session{.role = role,
			.subject = subject,
			.pid = child->pid(),
			.started = *read_process_start(child->pid()),
			.key = fingerprint_of(key).str(),
			.from = "203.0.113.50 40000",
			.since = read_clocks()->wall - seconds_ago,
			.window = *Id::parse("0123456789"),
			.scope = scope};
		auto registered = register_session(paths, std::move(session));
		EXPECT_TRUE(registered);
		return {*std::move(child), *std::move(registered)};
	}
	/// As rassist-enforce.path and its service: works the spool off as entries come, in a process
	/// of its own, until the test ends it.
	class Service {
	public:
		explicit Service(RelayWorld& world) : pid_(fork()) {
			if (pid_ != 0)
				return;
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			while (true) {
				if (world.spooled() > 0)
					static_cast<void>(enforce_sessions(world.context));
				usleep(2000);
			}
		}
		Service(const Service&) = delete;
		Service& operator=(const Service&) = delete;
		~Service() {
			kill(pid_, SIGKILL);
			waitpid(pid_, nullptr, 0);
		}

	private:
		pid_t pid_;
	};

	/// In one step: a Service may take it at once.
	void spool(const std::string& entry) const {
		std::ofstream(paths.enforce() + "/" + entry).flush();
	}
	[[nodiscard]] std::size_t spooled() const {
		return Folder::open(paths.enforce())->names()->size();
	}
	[[nodiscard]] bool says(std::string_view text) const {
		return out.str().find(text) != std::string::npos;
	}
	[[nodiscard]] bool complains(std::string_view text) const {
		return err.str().find(text) != std::string::npos;
	}
};

}    // namespace rassist::cli::test
