// show: it names the fingerprint before the code.
#include "rassist/device/show.hpp"

#include "rassist/device/agent_account.hpp"
#include "rassist/device/window_state.hpp"
#include "rassist/frame/actions.hpp"
#include "rassist/frame/terminal.hpp"

#include "common/base/lookup.hpp"
#include "common/base/parse_network.hpp"
#include "common/records/config.hpp"
#include "rassist/frame/published_places_json.hpp"

#include <sysexits.h>

#include <ostream>

namespace rassist::cli {

namespace {

/// The first relay as ssh's -J takes it; "RELAY" where the config names none.
std::string format_jump_host(const Context& context) {
	const auto config = load_config(context.paths, context.root);
	if (!config || config->relays.empty())
		return "RELAY";
	const RelayAddress& relay = config->relays.front();
	return HostPort{relay.host, relay.ports.empty() ? 443 : relay.ports.front()}.str();
}

std::string format_stock_command(const Context& context, const Serial& serial) {
	return "ssh -o UserKnownHostsFile=/dev/null -J " + std::string(kSupportAccount) + "@" +
		   format_jump_host(context) + " -p " + std::to_string(kSshPort) + " " + kAssistAccount +
		   "@" + serial.str() + ".rassist";
}

/// nullopt: only root may see it.
Lookup<Secret> read_code_to_show(const Context& context) {
	if (!context.is_root())
		return std::nullopt;
	auto code = read_window_code(context.paths, context.root);
	if (!code)
		return std::move(code).error();
	return code->written();
}

/// Where the relay publishes this device at this moment.
std::vector<PublishedPlace> list_published_places(const Context& context, const Window& window) {
	const auto agent = read_agent_status(context, window);
	return agent ? agent->published : std::vector<PublishedPlace>();
}

void print_text(
	const Context& context, const WindowState& state, const std::optional<Secret>& code) {
	const Window& window = *state.window;
	const std::string serial = window.serial.str();
	const std::string written =
		code ? std::string(code->text()) : "only root is shown it: sudo rassist show";
	std::ostream& out = context.out;
	out << "The window of " << context.bold(serial) << " is open "
		<< format_until(window, state.now) << ".\n\n"
		<< "Tell support, in this order:\n"
		<< "  1. the serial        " << context.bold(serial) << "\n"
		<< "  2. the fingerprint   " << window.host_key.str() << "\n"
		<< "  3. the code          " << context.bold(written) << "\n\n"
		<< "Support has two ways:\n"
		<< "  rassist key " << serial << "\n"
		<< "      asks for the code; then `ssh " << serial
		<< ".rassist` is enough. The code is sent nowhere.\n"
		<< "  " << format_stock_command(context, window.serial) << "\n"
		<< "      with nothing but ssh: it shows a fingerprint, which must be the one above before "
		   "anybody says yes and types the code.\n\n"
		<< "Support's login key: " << window.login_key.str() << "\n";
	const auto places = list_published_places(context, window);
	if (!places.empty()) {
		out << "\nThe relay publishes this device to support's networks (`publish` in "
			   "rassist.conf):\n";
	}
	for (const PublishedPlace& place : places)
		out << "  " << format_reach_command(place) << "\n";
}

void print_json(
	const Context& context, const WindowState& state, const std::optional<Secret>& code) {
	const Window& window = *state.window;
	Json json = Json::object();
	json.text("serial", window.serial.str())
		.text("window", window.id.str())
		.text("until", format_utc(window_end_of(window, state.now)))
		.number("left", window.deadline.remaining(state.now).count())
		.text("host_key", window.host_key.str())
		.text("login_key", window.login_key.str())
		.text_or_null("code", code ? code->text() : std::string_view())
		.text("ssh", format_stock_command(context, window.serial))
		.put("published", make_published_places_json(list_published_places(context, window)));
	context.out << json.print() << "\n";
}

using Print = void (*)(
	const Context& context, const WindowState& state, const std::optional<Secret>& code);

Result<int> print_window(const Context& context, Print print) {
	const NoCoreDump quiet;
	auto state = read_window(context);
	if (!state)
		return std::move(state).error();
	if (!state->window)
		return context.fail(kExitClosed, "no window is open; to open one: rassist open");
	auto code = read_code_to_show(context);
	if (code.failed())
		return std::move(code).error();
	print(context, *state, std::move(code).optional());
	return EX_OK;
}

void print_code(
	const Context& context, const WindowState& /*state*/, const std::optional<Secret>& code) {
	if (code)
		context.out << code->text() << "\n";
}

}    // namespace

Result<int> print_instructions(const Context& context) { return print_window(context, print_text); }

Result<int> show_verb(Context& context, const Arguments& arguments) {
	if (arguments.has("code") && arguments.has("json"))
		return context.usage("--code and --json do not go together");
	if (arguments.has("code") && !context.is_root())
		return context.fail(EX_NOPERM, "only root is shown the code: sudo rassist show --code");
	return print_window(context, arguments.has("code")   ? print_code
								 : arguments.has("json") ? print_json
														 : print_text);
}

}    // namespace rassist::cli
