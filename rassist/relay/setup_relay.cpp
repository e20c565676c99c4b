// setup relay: it edits nsswitch.conf(5), the one file of others that rassist edits anywhere.
#include "rassist/frame/actions.hpp"
#include "rassist/frame/public_key_argument.hpp"
#include "rassist/relay/nsswitch.hpp"

#include "common/keys/digest.hpp"
#include "common/records/config.hpp"
#include "common/system/files.hpp"
#include "common/system/files_write.hpp"

#include <sys/stat.h>
#include <sysexits.h>

#include <cerrno>
#include <ostream>

namespace rassist::cli {

namespace {

using Edit = Result<std::string> (*)(std::string_view text);

/// Edits a file, whose mode and owner stay, and says whether anything had to be changed.
Result<bool> edit_file(const std::string& path, uid_t root, Edit edit) {
	struct stat before {};
	if (stat(path.c_str(), &before) != 0)
		return os_error(errno, path);
	const auto text = read_trusted(path, Trust{.owner = root});
	if (!text)
		return text.error();
	const auto changed = edit(*text);
	if (!changed)
		return changed.error().within(path);
	if (*changed == *text)
		return false;
	const Attributes attributes{
		.mode = before.st_mode & 07777, .owner = before.st_uid, .group = before.st_gid};
	if (auto written = write_file(path, *changed, attributes); !written)
		return std::move(written).error();
	return true;
}

/// What devices and support need to know of this relay.
void print_host_key(const Context& context) {
	const std::string file = context.paths.state + "/relay_host_ed25519_key.pub";
	const auto key = read_public_key(file);
	if (!key) {
		const bool missing = key.error().code == Fault::not_found;
		context.out << "This relay's host key "
					<< (missing ? "is made when rassist-relay.service starts for the first time"
								: "cannot be read: ")
					<< (missing ? "; then call this again." : key.error().what) << "\n";
		return;
	}
	context.out
		<< "This relay's host key, " << fingerprint_of(*key).str() << ":\n    " << key->str()
		<< "\n"
		<< "Devices and support pin it (RELAY is the name under which they reach this host):\n"
		<< "    rassist setup device RELAY:443,2222 --host-key '" << key->str() << "'\n"
		<< "    rassist setup support RELAY:443 --host-key '" << key->str() << "'\n";
}

}    // namespace

Result<int> setup_relay_verb(Context& context, const Arguments& arguments) {
	const bool undo = arguments.has("undo");
	const auto path = resolve_nsswitch_file(context.nsswitch);
	if (!path)
		return path.error();
	const auto changed =
		edit_file(*path, context.root, undo ? remove_rassist_service : add_rassist_service);
	if (!changed)
		return changed.error();
	if (undo) {
		context.out << *path
					<< (*changed ? ": `rassist` taken out of the hosts line.\n"
								 : ": `rassist` is not in the hosts line; nothing to undo.\n");
		return EX_OK;
	}
	context.out << *path
				<< (*changed ? ": `rassist` put into the hosts line: SERIAL.rassist resolves here "
							   "while that device is open.\n"
							 : ": `rassist` is in the hosts line already.\n");
	if (const auto config = load_config(context.paths, context.root); !config)
		context.warn(config.error().what + "; nobody new gets in while it is so");
	if (*changed && path->find("authselect") != std::string::npos) {
		context.warn("authselect(8) has written " + *path +
					 " and refuses to change it from now on, or takes `rassist` out again: " +
					 "make a profile of your own (authselect create-profile), put `rassist "
					 "[NOTFOUND=return]` into its hosts line, and select it");
	}
	print_host_key(context);
	return EX_OK;
}

}    // namespace rassist::cli
