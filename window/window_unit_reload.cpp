#include "window/window_unit.hpp"

#include "common/base/lookup.hpp"
#include "common/issuing/store_write.hpp"
#include "window/texts.hpp"

namespace rassist::window_unit {

Result<Window> WindowUnit::reload() {
	const Result<Now> now = host_.now();
	if (!now)
		return now.error();
	const Lookup<Window> open = find_open_window(paths_, *now, root_);
	if (open.failed())
		return open.error();
	if (open.absent())
		return Error{
			Fault::expired, "no window is open; to open one: systemctl start rassist-agent"};
	const Result<Config> config = load_window_config(paths_, root_);
	if (!config)
		return config.error();
	const auto length = take_requested_length(WindowRequest::Change::extend, *config, *now);
	if (length.failed())
		return length.error();
	Result<Window> changed =
		length.found() ? change_end(*open, *length, *config, *now) : Result<Window>(*open);
	if (changed)
		host_.say(format_open_status(*changed, *now));
	return changed;
}

/// The new timer comes first and the old one goes last: whatever fails in between, an end stands.
/// What cannot be written is refused as a whole: all goes back to the former end, and the new timer
/// goes.
Result<Window> WindowUnit::change_end(
	const Window& former, std::chrono::seconds length, const Config& config, const Now& now) {
	const GrantFolder place = grant_folder_of(Role::assist, paths_);
	const Lookup<Grant> grant = find_grant(place, former.login_key, root_);
	if (grant.failed())
		return grant.error();
	if (grant.absent())
		return Error{Fault::not_found,
			"the window's grant is not in " + place.path + "; close the window and open a new one"};
	Window window = former;
	window.deadline = Deadline::after(length, now);
	window.revision = former.revision + 1;
	if (Status started = host_.start_timer(window); !started)
		return started.error().within("the timer that ends the window cannot be started");
	if (Status put = put_end(window, *grant, config); !put) {
		(void)put_end(former, *grant, config);
		(void)host_.stop_timers_except(timer_name_of(former));
		return std::move(put).error();
	}
	if (Status stopped = host_.stop_timers_except(timer_name_of(window)); !stopped)
		return stopped.error().within(
			"the timer of the former end cannot be stopped, so that end holds");
	const bool longer = window.deadline.wall > former.deadline.wall;
	host_.journal(entry_about(window, message::kWindowChanged,
		"assistance window " + window.id.str() + " of " + window.serial.str() +
			(longer ? " extended" : " shortened") + ": open until " +
			format_utc(window.deadline.wall)));
	return window;
}

/// Writes all that says when the window ends, but for the timer.
Status WindowUnit::put_end(const Window& window, Grant grant, const Config& config) {
	if (Status written = write_record(window); !written)
		return written;
	grant.expires = window.deadline;
	if (Status stored = put_grant(grant_folder_of(Role::assist, paths_), grant, false, root_);
		!stored)
		return stored;
	return write_sudo_right(window, config);
}

}    // namespace rassist::window_unit
