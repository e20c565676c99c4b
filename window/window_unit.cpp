// What opening and reloading share: the configuration, the length that was asked for, the record.
#include "window/window_unit.hpp"

#include "common/base/lookup.hpp"
#include "common/system/files.hpp"
#include "window/texts.hpp"

#include <utility>

namespace rassist::window_unit {

WindowUnit::WindowUnit(Paths paths, AssistAccount assist, WindowHost& host, uid_t root)
	: paths_(std::move(paths)), assist_(assist), host_(host), root_(root) {}

Result<Config> load_window_config(const Paths& paths, uid_t root) {
	Result<Config> config = load_config(paths, root);
	if (!config && config.error().code == Fault::not_found)
		return Error{Fault::not_found,
			config.error().what + "; rassist.conf(5) says what belongs in it",
			config.error().os_errno};
	if (!config)
		return config;
	if (!config->serial)
		return Error{Fault::invalid, paths.config() +
										 ": no serial is set: write serial = NAME in [device], "
										 "the name under which the relay knows this device"};
	if (config->relays.empty())
		return Error{Fault::invalid, paths.config() +
										 ": no relay is set, so nobody could reach this "
										 "device: write relays = HOST in [device]"};
	return config;
}

Attributes with_mode(mode_t mode, bool durable) {
	return {.mode = mode, .owner = {}, .group = {}, .replace = true, .durable = durable};
}

JournalEntry entry_about(
	const Window& window, std::string_view message_id, const std::string& sentence) {
	JournalEntry entry(kProgram, Priority::notice, message_id, sentence);
	entry.field("RASSIST_SERIAL", window.serial.str()).field("RASSIST_WINDOW", window.id.str());
	return entry;
}

/// Takes the request for a length; absent where nobody asks for one.
Lookup<std::chrono::seconds> WindowUnit::take_requested_length(
	WindowRequest::Change verb, const Config& config, const Now& now) {
	const Lookup<WindowRequest> request = take_window_request(paths_, verb, now, root_);
	if (request.failed())
		return request.error();
	if (request.absent())
		return std::nullopt;
	const std::chrono::seconds length = request->length;
	if (length > config.window_max) {
		return Error{Fault::too_large,
			"a window of " + format_duration(length) + " is longer than window-max in " +
				paths_.config() + " allows: at most " + format_duration(config.window_max)};
	}
	return length;
}

Status WindowUnit::write_record(const Window& window) const {
	return write_file(paths_.window(), format_window(window), with_mode(0644, kInMemory));
}

Status WindowUnit::write_sudo_right(const Window& window, const Config& config) const {
	const std::string file = paths_.sudoers() + "/" + kAssistAccount;
	if (!config.sudo)
		return remove_file(file);
	return write_file(file, format_sudo_rule(window.deadline.wall), with_mode(0440, kInMemory));
}

}    // namespace rassist::window_unit
