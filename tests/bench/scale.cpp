// What tests/bench/scale needs beside the product: windows that are open, and medians.
//   scale hold COUNT PREFIX      stores a tunnel grant for PREFIX1…PREFIXCOUNT, holds their locks,
//   says "held", and stays until its stdin ends scale median RUNS COMMAND…   runs it so often with
//   its output thrown away; prints the median in milliseconds
#include "common/issuing/store_write.hpp"
#include "common/system/clock.hpp"
#include "common/system/process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

namespace {

using namespace rassist;

void must(bool good, const std::string& what) {
	if (!good) {
		std::cerr << "scale: " << what << "\n";
		std::exit(1);
	}
}

/// Of each serial another key: any 32 bytes are one.
PublicKey key_of(const std::string& serial) {
	std::string text;
	for (const char c : serial)
		text += c == '-' ? 'x' : c;
	text += "Z";
	text.resize(41, 'B');
	return PublicKey::parse("ssh-ed25519", "AAAAC3NzaC1lZDI1NTE5AAAAIA" + text + "A").value();
}

int hold(int count, const std::string& prefix) {
	rlimit files{static_cast<rlim_t>(count) + 100, static_cast<rlim_t>(count) + 100};
	must(setrlimit(RLIMIT_NOFILE, &files) == 0, "setrlimit");
	const Paths paths;
	std::vector<UniqueFd> held;
	for (int i = 1; i <= count; ++i) {
		const std::string serial = prefix + std::to_string(i);
		Grant grant{Role::tunnel, serial, key_of(serial), Deadline{read_clocks()->wall + 86400, {}},
			1, Id::parse("0123456789").value(), 1, "relay", {}, {}, {}, {}};
		const auto put = put_grant(grant_folder_of(Role::tunnel, paths), grant, false);
		must(put.ok(), put ? "" : put.error().what);
		UniqueFd file(
			open((paths.ready() + "/" + serial).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
		struct flock lock {};
		lock.l_type = F_WRLCK;
		must(fcntl(file.get(), F_OFD_SETLK, &lock) == 0, "the lock of " + serial);
		held.push_back(std::move(file));
	}
	std::cout << "held" << std::endl;
	for (char byte = 0; read(STDIN_FILENO, &byte, 1) > 0;) {
	}
	return 0;
}

double run_once(char** command) {
	posix_spawn_file_actions_t quiet;
	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_addopen(&quiet, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	// a probe lacks its account here
	posix_spawn_file_actions_addopen(&quiet, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	const auto began = std::chrono::steady_clock::now();
	pid_t child = 0;
	must(posix_spawnp(&child, command[0], &quiet, nullptr, command, environ) == 0,
		std::string("cannot run ") + command[0]);
	int status = 0;
	must(waitpid(child, &status, 0) == child && status == 0, std::string(command[0]) + " failed");
	posix_spawn_file_actions_destroy(&quiet);
	return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began)
		.count();
}

int median(int runs, char** command) {
	std::vector<double> times;
	for (int i = 0; i < runs; ++i)
		times.push_back(run_once(command));
	std::ranges::sort(times);
	std::cout << times[times.size() / 2] << "\n";
	return 0;
}

}    // namespace

int main(int argc, char** argv) {
	const std::string verb = argc > 3 ? argv[1] : "";
	if (verb == "hold")
		return hold(std::atoi(argv[2]), argv[3]);
	if (verb == "median")
		return median(std::atoi(argv[2]), argv + 3);
	std::cerr << "usage: scale hold COUNT PREFIX | scale median RUNS COMMAND…\n";
	return 64;
}
