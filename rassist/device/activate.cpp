// activate: it makes a fresh identity key and registers it at the relay, by the key that is derived
// from the activation token.
#include "rassist/device/agent_account.hpp"
#include "rassist/frame/actions.hpp"
#include "rassist/frame/ssh_failure.hpp"
#include "rassist/frame/terminal.hpp"

#include "common/base/parse_network.hpp"
#include "common/keys/derive.hpp"
#include "common/keys/digest.hpp"
#include "common/keys/private_key.hpp"
#include "common/records/config.hpp"
#include "common/system/child.hpp"
#include "common/system/files.hpp"
#include "common/system/files_write.hpp"
#include "common/system/run.hpp"
#include "common/wire/enrolment.hpp"
#include "common/wire/relay_ssh.hpp"

#include <sys/mman.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <ostream>

namespace rassist::cli {

namespace {

constexpr std::chrono::seconds kPatience{30};

/// A key that ssh reads by path and that never has a name in any folder: it is gone with this
/// process, whatever ends it.
class KeyInMemory {
public:
	static Result<KeyInMemory> make(const PrivateKey& key) {
		UniqueFd file(memfd_create("rassist-activation", MFD_CLOEXEC));
		// ssh refuses a private key that others may read.
		if (!file || fchmod(file.get(), 0600) != 0)
			return os_error(errno, "memfd_create");
		if (auto written = write_all(file.get(), key.openssh_pem("activation").text()); !written)
			return std::move(written).error();
		return KeyInMemory(std::move(file));
	}
	[[nodiscard]] std::string path() const {
		return "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(file_.get());
	}

private:
	explicit KeyInMemory(UniqueFd file) : file_(std::move(file)) {}
	UniqueFd file_;
};

/// The new identity beside the old one, which stays good until the relay has taken the new one.
class NewIdentity {
public:
	static Result<NewIdentity> write(
		const Context& context, const Serial& serial, const PrivateKey& key) {
		const auto owner = find_agent_account(context);
		if (!owner)
			return owner.error();
		const std::string path = context.paths.identity() + ".new";
		const Attributes attributes{.mode = 0600, .owner = owner->uid, .group = owner->gid};
		if (auto written = write_file(path, key.openssh_pem(serial.str()).text(), attributes);
			!written)
			return std::move(written).error();
		return NewIdentity(path, context.paths.identity());
	}
	NewIdentity(NewIdentity&& other) noexcept
		: path_(std::exchange(other.path_, "")), place_(std::move(other.place_)) {}
	NewIdentity& operator=(NewIdentity&&) = delete;
	NewIdentity(const NewIdentity&) = delete;
	NewIdentity& operator=(const NewIdentity&) = delete;
	~NewIdentity() {
		if (!path_.empty())
			static_cast<void>(remove_file(path_));
	}
	Status put_in_place() {
		if (std::rename(path_.c_str(), place_.c_str()) != 0)
			return os_error(errno, place_);
		path_.clear();
		const auto folder = Folder::open(place_.substr(0, place_.rfind('/')));
		if (!folder)
			return folder.error();
		return fsync(folder->fd()) == 0 ? Status(Done{}) : Status(os_error(errno, place_));
	}

private:
	NewIdentity(std::string path, std::string place)
		: path_(std::move(path)), place_(std::move(place)) {}
	std::string path_;
	std::string place_;
};

/// Why one relay did not take the key. `next`: another may take it.
struct FailedAttempt {
	std::string why;
	bool next = true;
	int code = EX_UNAVAILABLE;
};

/// ssh says why in English, for its environment is ours (relay_ssh.hpp).
FailedAttempt explain_ssh(const Finished& ssh, const Serial& serial) {
	switch (classify_ssh_failure(ssh.err)) {
	case SshFailure::denied:
		return {"the relay does not accept the token. It is for another serial than " +
					serial.str() +
					", was used or replaced, or has expired, or the device is blocked there; on "
					"the relay, `rassist device token " +
					serial.str() + "` prints a new one",
			false, EX_NOPERM};
	case SshFailure::not_pinned:
		return {"no host key is pinned for it in /etc/rassist/known_hosts: rassist setup device",
			false, EX_CONFIG};
	case SshFailure::other_key:
		return {"what answers there does not have the host key that is pinned in "
				"/etc/rassist/known_hosts. Somebody may stand in between; "
				"if the relay has a new key: rassist setup device",
			false, EX_PROTOCOL};
	case SshFailure::no_name:
	case SshFailure::not_reached:
	case SshFailure::other:
		break;
	}
	const std::string said = quote_last_line(ssh.err);
	return {said.empty() ? "ssh ended with status " + std::to_string(ssh.status) : said};
}

FailedAttempt explain_refusal(const EnrollAnswer& answer, const Serial& serial) {
	const std::string said = answer.message.empty()
								 ? ""
								 : " (the relay says: " + escape_for_terminal(answer.message) + ")";
	switch (*answer.refused) {
	case Refusal::serial_unknown:
		return {"the relay does not know " + serial.str() + "; there: rassist device add " +
					serial.str() + said,
			false, EX_NOINPUT};
	case Refusal::blocked:
		return {serial.str() + " is blocked by the relay's admin; there: rassist device unblock " +
					serial.str() + said,
			false, EX_NOPERM};
	case Refusal::token_used:
		return {"the token was used already; a new one, on the relay: rassist device token " +
					serial.str() + said,
			false, EX_NOPERM};
	case Refusal::key_taken:
		return {"the new identity key is somebody else's already, which cannot happen by chance; "
				"try again" +
					said,
			false, EX_TEMPFAIL};
	case Refusal::malformed:
	case Refusal::serial_mismatch:
		return {"the relay does not understand the request; is one side of another version?" + said,
			false, EX_PROTOCOL};
	case Refusal::elsewhere:
		return {"another relay serves this device" + said, true, EX_UNAVAILABLE};
	case Refusal::superseded:    // a refusal of enrolments
	case Refusal::timeout:
	case Refusal::window_revoked:    // no answer to an activation
	case Refusal::internal:
	case Refusal::storage:
		return {"the relay could not do it now; try again later" + said, true, EX_TEMPFAIL};
	}
	return {"refused" + said};
}

/// Tries one port of one relay. nullopt: the key is registered.
std::optional<FailedAttempt> try_relay(const Context& context, const RelayLogin& login,
	const Serial& serial, const ActivateRequest& request) {
	const ChildPlan plan{.argv = make_relay_ssh_argv(login, {}, "activate"),
		.environment = make_relay_ssh_environment()};
	const auto ssh = context.run(plan, format_request(request), kPatience);
	if (!ssh)
		return FailedAttempt{ssh.error().what};
	if (ssh->out.empty())
		return explain_ssh(*ssh, serial);
	const auto answer = parse_answer(ssh->out);
	if (!answer)
		return FailedAttempt{
			"what answers there is no relay: " + answer.error().what, true, EX_PROTOCOL};
	if (answer->refused)
		return explain_refusal(*answer, serial);
	return std::nullopt;
}

/// Tries all relays and ports in their order, until one takes the key or says a word that is final.
Result<int> register_key(const Context& context, const Config& config, const Serial& serial,
	const KeyInMemory& activation, const PublicKey& identity) {
	const ActivateRequest request{Id::random(), identity};
	int code = EX_UNAVAILABLE;
	for (const RelayAddress& relay : config.relays) {
		for (const int port : relay.ports) {
			const RelayLogin login{kDeviceAccount, relay.host, port, activation.path(),
				context.paths.relay_pins(), config.proxy, context.paths.agent_ssh_config()};
			auto failed = try_relay(context, login, serial, request);
			const std::string where = HostPort{relay.host, port}.str();
			if (!failed) {
				context.out << "Registered at " << where << ".\n";
				return EX_OK;
			}
			code = failed->code;
			if (!failed->next)
				return context.fail(code, where + ": " + failed->why);
			context.warn(where + ": " + failed->why);
		}
	}
	return context.fail(code, "no relay took the new key; the device is as it was");
}

/// The serial of the command line or of the config; where both name one they must agree.
Result<Serial> choose_serial(const Config& config, const Arguments& arguments) {
	if (arguments.operands().empty()) {
		if (!config.serial) {
			return Error{Fault::invalid, "which device is this? rassist.conf(5) names no serial, "
										 "so: rassist activate SERIAL"};
		}
		return *config.serial;
	}
	auto serial = Serial::parse(arguments.operands()[0]);
	if (serial && config.serial && *serial != *config.serial) {
		return Error{Fault::invalid, "rassist.conf(5) names this device " + config.serial->str() +
										 ", not " + serial->str() +
										 "; change `serial` there first"};
	}
	return serial;
}

Status keep_serial(const Context& context, const Config& config, const Serial& serial) {
	if (config.serial)
		return Done{};
	if (auto made = make_folder(context.paths.config_dropins(), 0755); !made)
		return made;
	return write_file(context.paths.config_dropins() + "/50-serial.conf",
		"# Written by `rassist activate`.\n[device]\nserial = " + serial.str() + "\n",
		Attributes{.mode = 0644, .owner = {}, .group = {}});
}

Result<int> activate_device(const Context& context, const Config& config, const Serial& serial) {
	const NoCoreDump quiet;
	const auto typed = context.ask("Activation token of " + serial.str() + ": ");
	if (!typed)
		return typed.error();
	const auto token = Code::parse(typed->text());
	if (!token)
		return token.error();
	const auto activation = derive_activation_key(*token, serial);
	if (!activation)
		return activation.error();
	const auto in_memory = KeyInMemory::make(*activation);
	if (!in_memory)
		return in_memory.error();
	const auto identity = PrivateKey::generate();
	if (!identity)
		return identity.error();
	auto file = NewIdentity::write(context, serial, *identity);
	if (!file)
		return std::move(file).error();
	auto registered = register_key(context, config, serial, *in_memory, identity->public_key());
	if (!registered || *registered != EX_OK)
		return registered;
	if (auto placed = file->put_in_place(); !placed)
		return std::move(placed).error();
	if (auto kept = keep_serial(context, config, serial); !kept)
		return std::move(kept).error();
	context.out << "This device is " << context.bold(serial.str()) << "; its identity key is "
				<< fingerprint_of(identity->public_key()).str() << ".\n"
				<< "`rassist open` opens a window.\n";
	return EX_OK;
}

}    // namespace

Result<int> activate_verb(Context& context, const Arguments& arguments) {
	const auto config = load_config(context.paths, context.root);
	if (!config)
		return context.fail(EX_CONFIG, config.error().what);
	const auto serial = choose_serial(*config, arguments);
	if (!serial)
		return context.usage(serial.error().what);
	if (config->relays.empty()) {
		return context.fail(
			EX_CONFIG, "no relay is named: rassist setup device RELAY --host-key KEY");
	}
	return activate_device(context, *config, *serial);
}

}    // namespace rassist::cli
