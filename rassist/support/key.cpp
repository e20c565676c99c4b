// key: it makes an ssh key and a pinned host key of a window's code, here and nowhere else.
#include "rassist/frame/actions.hpp"
#include "rassist/frame/terminal.hpp"
#include "rassist/support/pins.hpp"
#include "rassist/support/ssh_agent.hpp"

#include "common/keys/derive.hpp"
#include "common/keys/digest.hpp"
#include "common/system/files.hpp"
#include "common/system/files_write.hpp"

#include <sys/stat.h>
#include <sysexits.h>

#include <ostream>

namespace rassist::cli {

namespace {

constexpr std::chrono::seconds kLifetime = std::chrono::hours(8);

std::string comment_of(const Serial& serial) { return serial.str() + ".rassist"; }

Result<Code> ask_code(const Context& context, const Serial& serial) {
	const auto text = context.ask("Code of " + serial.str() + ": ");
	if (!text)
		return text.error();
	return Code::parse(text->text());
}

std::string explain_no_agent(const Context& context, const Serial& serial) {
	return "no ssh-agent is running here (SSH_AUTH_SOCK is not set). Start one, `eval "
		   "$(ssh-agent)`, and call this again; or have the key in a file "
		   "where plain ssh finds it: rassist key " +
		   serial.str() + " --out " + locate_pin_files(context, serial).secret;
}

/// The key of an older window is of no use any more and goes.
Status give_to_agent(const Context& context, const Serial& serial, const PrivateKey& key,
	std::chrono::seconds lifetime) {
	auto agent = SshAgent::connect(context.agent_socket);
	if (!agent) {
		return Error{Fault::unavailable,
			agent.error().what +
				": no ssh-agent listens there. Start one, `eval $(ssh-agent)`, or use --out FILE"};
	}
	const auto old = read_pinned_login_key(context, serial);
	if (old.found())
		static_cast<void>(agent->remove(*old));    // its lifetime may have ended already
	return agent->add(key, comment_of(serial), lifetime);
}

Error error_taken_already(const std::string& path) {
	return Error{Fault::exists,
		path + " is there already and is not overwritten: remove it, or name another file"};
}

/// "~/.ssh/rassist/SERIAL.rassist" is ours and is replaced; another file is not overwritten.
Status write_key(
	const Context& context, const Serial& serial, const PrivateKey& key, const std::string& path) {
	const bool ours = path == locate_pin_files(context, serial).secret;
	const Attributes attributes{.mode = 0600, .owner = {}, .group = {}, .replace = ours};
	auto written = write_file(path, key.openssh_pem(comment_of(serial)).text(), attributes);
	if (!written && written.error().code == Fault::exists)
		return error_taken_already(path);
	return written;
}

Result<int> forget_device(Context& context, const Serial& serial) {
	bool in_agent = false;
	const auto key = read_pinned_login_key(context, serial);
	if (key.found() && !context.agent_socket.empty()) {
		if (auto agent = SshAgent::connect(context.agent_socket))
			in_agent = agent->remove(*key).ok();
	}
	const auto pinned = remove_pins(context, serial);
	if (!pinned)
		return pinned.error();
	if (!*pinned) {
		context.out << "Nothing was kept of " << serial.str() << ".\n";
		return EX_OK;
	}
	context.out << "Forgot the pinned host key of " << serial.str()
				<< (in_agent ? " and took its key out of ssh-agent" : "") << ".\n";
	return EX_OK;
}

Result<int> take_code(Context& context, const Arguments& arguments, const Serial& serial,
	std::chrono::seconds lifetime) {
	const NoCoreDump quiet;
	const std::string out = arguments.value("out");
	const std::string found_by_ssh = locate_pin_files(context, serial).secret;
	if (out.empty() && context.agent_socket.empty())
		return context.fail(EX_UNAVAILABLE, explain_no_agent(context, serial));
	if (struct stat there{}; !out.empty() && out != found_by_ssh && lstat(out.c_str(), &there) == 0)
		return error_taken_already(out);
	const auto code = ask_code(context, serial);
	if (!code)
		return code.error();
	const auto keys = derive_window_keys(*code, serial);
	if (!keys)
		return keys.error();
	if (out.empty()) {
		if (auto added = give_to_agent(context, serial, keys->login, lifetime); !added)
			return std::move(added).error();
	}
	// A key file of an older window would be tried before the agent's key.
	if (auto removed = remove_file(found_by_ssh); !removed)
		return std::move(removed).error();
	if (auto pinned = write_pins(context, serial, *keys); !pinned)
		return std::move(pinned).error();
	if (!out.empty()) {
		if (auto written = write_key(context, serial, keys->login, out); !written)
			return std::move(written).error();
	}
	context.out << (out.empty() ? "The key is in ssh-agent for " + format_duration(lifetime)
								: "The key is in " + out)
				<< ".\n"
				<< "The device must show host key " << fingerprint_of(keys->host.public_key()).str()
				<< "; ssh sees to that.\n"
				<< "Now: " << (out.empty() || out == found_by_ssh ? "ssh " : "ssh -i " + out + " ")
				<< serial.str() << ".rassist\n";
	return EX_OK;
}

}    // namespace

Result<int> key_verb(Context& context, const Arguments& arguments) {
	const auto serial = Serial::parse(arguments.operands()[0]);
	if (!serial)
		return context.usage(serial.error().what);
	if (context.home.empty()) {
		return context.fail(
			EX_NOUSER, "your account has no home folder, so there is no place to pin the host key");
	}
	if (arguments.has("forget")) {
		if (arguments.has("out") || arguments.has("for"))
			return context.usage("--forget goes alone");
		return forget_device(context, *serial);
	}
	const auto given = arguments.duration("for");
	if (given.failed())
		return context.usage(given.error().what);
	if (arguments.has("out") && given.found())
		return context.usage("--for is for ssh-agent; a file has no lifetime");
	if (arguments.has("out") && arguments.value("out").empty())
		return context.usage("--out needs the name of a file");
	return take_code(context, arguments, *serial, given.optional().value_or(kLifetime));
}

}    // namespace rassist::cli
