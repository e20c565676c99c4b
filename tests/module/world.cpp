// Makes what the modules read: windows, grants, devices, the lock of a tunnel that is up. By
// common's own formats; for tests/module/run alone.
#include "common/base/parse_network.hpp"
#include "common/issuing/store_write.hpp"
#include "common/keys/code.hpp"
#include "common/keys/derive.hpp"
#include "common/keys/digest.hpp"
#include "common/keys/private_key.hpp"
#include "common/records/registry.hpp"
#include "common/records/window.hpp"
#include "common/system/files.hpp"
#include "common/system/files_write.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

namespace rassist {
namespace {

using Words = std::vector<std::string>;

template <class T> T must(Result<T> result) {
	if (!result)
		throw std::runtime_error(result.error().what);
	return std::move(result).value();
}

Attributes with_mode(mode_t mode) {
	Attributes attributes;
	attributes.mode = mode;
	return attributes;
}

/// window SERIAL SECONDS KEY-FILE CODE-FILE [REACH…]: an open window as its unit leaves it; the
/// login key and the code for who logs in.
void window(const Words& words) {
	const Paths paths;
	const Serial serial = must(Serial::parse(words.at(0)));
	const Now time = must(read_clocks());
	const Deadline deadline = Deadline::after(std::chrono::seconds(std::stol(words.at(1))), time);
	const Code code = Code::random();
	const WindowKeys keys = must(derive_window_keys(code, serial));
	const Window made{Id::random(), serial, 1, time.wall, deadline, 0,
		fingerprint_of(keys.login.public_key()), fingerprint_of(keys.host.public_key())};
	Grant grant{Role::assist, serial.str(), keys.login.public_key(), deadline, time.wall, made.id,
		1, {}, {}, {}, {}, {}};
	std::string reach = "PermitOpen";
	for (std::size_t i = 4; i < words.size(); ++i) {
		grant.reach.push_back(must(parse_host_port(words[i])));
		reach += " " + words[i];
	}
	must(put_grant(grant_folder_of(Role::assist, paths), grant, false));
	must(write_file(paths.door_config(), (grant.reach.empty() ? "PermitOpen none" : reach) + "\n",
		with_mode(0600)));
	must(make_folder(paths.secret(), 0700));
	must(write_file(paths.host_key(), keys.host.openssh_pem("test").text(), with_mode(0600)));
	must(write_file(paths.code(), std::string(code.written().text()) + "\n", with_mode(0600)));
	must(write_file(paths.window(), format_window(made), with_mode(0644)));
	must(remove_file(paths.wrong_codes()));
	must(write_file(words.at(2), keys.login.openssh_pem("test").text(), with_mode(0600)));
	must(write_file(
		words.at(2) + ".host.pub", keys.host.public_key().str() + "\n", with_mode(0644)));
	must(write_file(words.at(3), std::string(code.written().text()) + "\n", with_mode(0600)));
}

/// code FILE: one that is well-formed and nobody's.
void code(const Words& words) {
	must(write_file(
		words.at(0), std::string(Code::random().written().text()) + "\n", with_mode(0600)));
}

/// grant ROLE SUBJECT PUBLIC-KEY-FILE SECONDS [SCOPE|NETWORK/BITS…]
void grant(const Words& words) {
	const Paths paths;
	const Role role = must(parse_role(words.at(0)));
	const Now time = must(read_clocks());
	const std::string text = must(read_trusted(words.at(2), Trust{}));
	Grant made{
		role, words.at(1), must(PublicKey::parse(text)), {}, time.wall, {}, 0, {}, {}, {}, {}, {}};
	if (role == Role::tunnel || role == Role::activation)
		made.expires = Deadline{time.wall + std::stol(words.at(3)), {}};
	if (role == Role::tunnel) {
		made.window = Id::random();
		made.sequence = 1;
		made.relay = "relay";
	}
	for (std::size_t i = 4; i < words.size(); ++i)
		if (words[i].find('/') != std::string::npos)
			made.from.push_back(must(Network::parse(words[i])));
		else
			made.scope.push_back(must(Scope::parse(words[i])));
	must(put_grant(grant_folder_of(role, paths), made, false));
}

/// device SERIAL ADDRESS yes|no: registered, and whether it is blocked.
void device(const Words& words) {
	const Device made{
		must(Serial::parse(words.at(0))), words.at(1), must(parse_yes_no(words.at(2))), {}, {}, 0};
	must(write_file(
		Paths().devices() + "/" + made.serial.str(), format_device(made), with_mode(0644)));
}

/// tunnel SERIAL: its tunnel is up until standard input ends.
void tunnel(const Words& words) {
	const UniqueFd file(
		open((Paths().ready() + "/" + words.at(0)).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
	struct flock lock {};
	lock.l_type = F_WRLCK;
	lock.l_whence = SEEK_SET;
	if (fcntl(file.get(), F_OFD_SETLK, &lock) != 0)
		throw std::runtime_error("the lock is taken");
	must(write_all(STDOUT_FILENO, "up\n"));
	must(read_all(STDIN_FILENO, 1024));
}

struct Verb {
	const char* name;
	void (*run)(const Words&);
};
constexpr Verb kVerbs[] = {
	{"window", window}, {"code", code}, {"grant", grant}, {"device", device}, {"tunnel", tunnel}};

}    // namespace
}    // namespace rassist

int main(int argc, char** argv) {
	const std::vector<std::string> words(argv + (argc > 1 ? 2 : 1), argv + argc);
	try {
		for (const auto& verb : rassist::kVerbs)
			if (argc > 1 && std::string(argv[1]) == verb.name) {
				verb.run(words);
				return 0;
			}
		std::fputs("usage: world window|code|grant|device|tunnel …\n", stderr);
		return 64;
	} catch (const std::exception& problem) {
		std::fprintf(stderr, "world: %s\n", problem.what());
		return 1;
	}
}
