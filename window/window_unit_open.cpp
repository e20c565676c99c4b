#include "window/window_unit.hpp"

#include "common/base/lookup.hpp"
#include "common/issuing/store_write.hpp"
#include "common/keys/derive.hpp"
#include "common/keys/digest.hpp"
#include "common/system/files.hpp"
#include "common/system/files_write.hpp"
#include "window/texts.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace rassist::window_unit {
namespace {

/// The door's host key and the code: root's alone.
Status write_secrets(
	const Paths& paths, const Window& window, const Code& code, const WindowKeys& keys) {
	if (Status made = make_folder(paths.secret(), 0700); !made)
		return made;
	const Secret host_key =
		keys.host.openssh_pem("rassist " + window.serial.str() + " window " + window.id.str());
	if (Status written = write_file(paths.host_key(), host_key.text(), with_mode(0600, kInMemory));
		!written)
		return written;
	Secret line = code.written();
	line.append("\n");
	return write_file(paths.code(), line.text(), with_mode(0600, kInMemory));
}

Grant assist_grant(const Window& window, const PublicKey& key, const Config& config) {
	Grant grant{Role::assist, window.serial.str(), key, window.deadline, window.opened, window.id,
		window.sequence, {}, {}, {}, {}, {}};
	grant.reach = reach_of(config);
	return grant;
}

}    // namespace

Result<std::int64_t> take_next_sequence(const Paths& paths, uid_t root) {
	std::int64_t last = 0;
	const Result<std::string> text =
		read_trusted(paths.sequence(), Trust{.owner = root, .max_size = 32});
	if (text) {
		const Result<std::int64_t> number =
			parse_integer(trimmed(*text), 0, std::numeric_limits<std::int64_t>::max() - 1);
		if (!number)
			return number.error().within(
				paths.sequence() + " is damaged, remove it to count from one again");
		last = *number;
	} else if (text.error().code != Fault::not_found) {
		return text.error();
	}
	if (Status written =
			write_file(paths.sequence(), std::to_string(last + 1) + "\n", with_mode(0644, true));
		!written)
		return std::move(written).error();
	return last + 1;
}

Result<Window> WindowUnit::open() {
	const Result<Now> now = host_.now();
	if (!now)
		return now.error();
	const Result<Config> config = load_window_config(paths_, root_);
	if (!config)
		return config.error();
	const auto asked = take_requested_length(WindowRequest::Change::open, *config, *now);
	if (asked.failed())
		return asked.error();
	// systemd opens only what is closed, so whatever is there was left by a crash
	for (const std::string& trouble : close().troubles)
		host_.journal(JournalEntry(kProgram, Priority::warning, "",
			"left by an earlier window: " + trouble + ", opening a new one nevertheless"));
	Result<Window> opened = open_new(
		*config, asked.optional().value_or(std::min(config->window, config->window_max)), *now);
	if (!opened)
		// its troubles are those of the failure we report; ExecStopPost tells what is still there
		(void)end_window();
	return opened;
}

/// The sequence and the mark for the sweep reach the disk before anything else happens. The timer
/// runs before the first secret is written, and the record comes last.
Result<Window> WindowUnit::open_new(
	const Config& config, std::chrono::seconds length, const Now& now) {
	const Result<std::int64_t> sequence = take_next_sequence(paths_, root_);
	if (!sequence)
		return sequence.error();
	const Id id = Id::random();
	if (Status marked = write_file(paths_.unswept(), id.str() + "\n", with_mode(0644, true));
		!marked)
		return std::move(marked).error();
	const Code code = Code::random();
	const Result<WindowKeys> keys = derive_window_keys(code, *config.serial);
	if (!keys)
		return keys.error();
	const Window window{id, *config.serial, *sequence, now.wall, Deadline::after(length, now), 0,
		fingerprint_of(keys->login.public_key()), fingerprint_of(keys->host.public_key())};
	if (Status started = host_.start_timer(window); !started)
		return started.error().within("the timer that ends the window cannot be started");
	if (Status done = let_in(window, code, *keys, config); !done)
		return std::move(done).error();
	host_.journal(entry_about(window, message::kWindowOpened,
		"assistance window " + id.str() + " of " + window.serial.str() + " opened for " +
			format_duration(length) + ", until " + format_utc(window.deadline.wall)));
	host_.say(format_open_status(window, now));
	return window;
}

Status WindowUnit::let_in(
	const Window& window, const Code& code, const WindowKeys& keys, const Config& config) {
	if (Status written = write_secrets(paths_, window, code, keys); !written)
		return written;
	if (Status written = write_file(
			paths_.door_config(), format_door_config(reach_of(config)), with_mode(0600, kInMemory));
		!written)
		return written;
	if (Status made = make_home(); !made)
		return made;
	if (Status written = write_sudo_right(window, config); !written)
		return written;
	const Grant grant = assist_grant(window, keys.login.public_key(), config);
	if (Status stored = put_grant(grant_folder_of(Role::assist, paths_), grant, kInMemory, root_);
		!stored)
		return stored;
	return write_record(window);
}

/// Support writes there as it likes, but not what would let it in by the system's own sshd, whose
/// sessions no window ends (sshd_config(5), AuthorizedKeysFile). The folders are sticky: what is
/// root's in them stays.
Status WindowUnit::make_home() {
	const std::string ssh = paths_.home() + "/.ssh";
	for (const std::string& folder : {paths_.home(), ssh})
		if (Status made = make_folder(folder, 01770, root_, assist_.gid); !made)
			return made;
	for (const char* name : {"/authorized_keys", "/authorized_keys2"})
		if (Status written = write_file(ssh + name, "", with_mode(0644, kInMemory)); !written)
			return written;
	return Done{};
}

}    // namespace rassist::window_unit
