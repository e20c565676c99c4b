// open, close, extend: by these the customer rules the window.
#include "rassist/device/show.hpp"
#include "rassist/device/window_control.hpp"
#include "rassist/device/window_state.hpp"
#include "rassist/frame/actions.hpp"
#include "rassist/frame/terminal.hpp"

#include "common/records/window_request.hpp"
#include "common/sessions/session.hpp"
#include "common/system/files_write.hpp"

#include <sysexits.h>

#include <ostream>

namespace rassist::cli {

namespace {

/// The window that must be there after what we asked for.
Result<Window> read_changed_window(const Context& context) {
	auto state = read_window(context);
	if (!state)
		return std::move(state).error();
	if (!state->window) {
		return Error{Fault::unavailable,
			"rassist-agent.service runs, but there is no window's record; to "
			"start afresh: rassist close, then rassist open"};
	}
	return *std::move(state->window);
}

}    // namespace

Result<int> open_verb(Context& context, const Arguments& arguments) {
	const auto length = arguments.duration("for");
	if (length.failed())
		return context.usage(length.error().what);
	auto state = read_window(context);
	if (!state)
		return std::move(state).error();
	if (state->window && length.found()) {
		return context.fail(
			EX_TEMPFAIL, "the window is open already, " + format_until(*state->window, state->now) +
							 "; to change that: rassist extend --for " + arguments.value("for"));
	}
	if (state->window) {
		context.out << "The window is open already, " << format_until(*state->window, state->now)
					<< ". `rassist show` says what to tell support.\n";
		return EX_OK;
	}
	// A request that was left behind would set the length of a window to which nobody gave one.
	auto prepared = length.found() ? write_window_request(context.paths,
										 WindowRequest::Change::open, *length, state->now)
								   : remove_file(context.paths.request());
	if (!prepared)
		return std::move(prepared).error();
	if (auto started = control_unit(context, {"start"}); !started)
		return std::move(started).error();
	if (auto opened = read_changed_window(context); !opened)
		return std::move(opened).error();
	return print_instructions(context);
}

Result<int> close_verb(Context& context, const Arguments& /*arguments*/) {
	auto state = read_window(context);
	const bool was_open = !state || state->window;
	const auto sessions = list_live_sessions(context.paths);
	// The end is first asked for and not waited for: a close that is called from inside one of the
	// window's sessions does not live to see the end.
	if (auto asked = control_unit(context, {"--no-block", "stop"}); !asked)
		return std::move(asked).error();
	if (auto stopped = control_unit(context, {"stop"}); !stopped)
		return std::move(stopped).error();
	auto after = read_window(context);
	if (!after)
		return std::move(after).error();
	if (after->window) {
		return Error{
			Fault::internal, "the unit has stopped, but the window's record is still there: " +
								 context.paths.window()};
	}
	if (!was_open) {
		context.out << "No window was open.\n";
		return EX_OK;
	}
	context.out << "The window is closed.";
	if (sessions && !sessions->sessions.empty()) {
		context.out << " Cut: " << format_count(sessions->sessions.size(), "session") << ".\n";
		for (const Session& session : sessions->sessions) {
			context.out << "  " << escape_for_terminal(session.key) << ", since "
						<< format_local_time(session.since) << "\n";
		}
	} else {
		context.out << (sessions && sessions->refused.empty() ? " Nobody was logged in.\n" : "\n");
	}
	return EX_OK;
}

Result<int> extend_verb(Context& context, const Arguments& arguments) {
	const auto length = arguments.duration("for");
	if (length.failed())
		return context.usage(length.error().what);
	auto state = read_window(context);
	if (!state)
		return std::move(state).error();
	if (!state->window) {
		return context.fail(EX_UNAVAILABLE,
			"no window is open; to open one: rassist open --for " + arguments.value("for"));
	}
	if (auto asked =
			write_window_request(context.paths, WindowRequest::Change::extend, *length, state->now);
		!asked)
		return std::move(asked).error();
	if (auto reloaded = control_unit(context, {"reload"}); !reloaded)
		return std::move(reloaded).error();
	auto after = read_window(context);
	if (!after)
		return std::move(after).error();
	if (!after->window || after->window->revision == state->window->revision) {
		return Error{Fault::unavailable,
			"the window was not changed; see: journalctl -u rassist-agent.service"};
	}
	context.out << "The window is open " << format_until(*after->window, after->now) << ".\n";
	return EX_OK;
}

}    // namespace rassist::cli
