#include "rassist/device/window_control.hpp"

#include "common/base/parse.hpp"
#include "common/system/child.hpp"
#include "rassist/frame/terminal.hpp"

#include <algorithm>
#include <chrono>

namespace rassist::cli {

namespace {

const std::vector<std::string> kEnvironment{
	"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "SYSTEMD_PAGER=", "SYSTEMD_COLORS=0"};

ChildPlan plan_of(std::vector<std::string> argv) {
	return {.argv = std::move(argv),
		.environment = kEnvironment,
		.pipe_stdout = true,
		.pipe_stderr = true};
}

/// Makes one part of a sentence of lines: "first; second".
std::string join_lines(std::string_view text) {
	std::string joined;
	while (!text.empty()) {
		const auto end = std::min(text.find('\n'), text.size());
		const std::string_view line = trimmed(text.substr(0, end));
		if (!line.empty())
			joined += (joined.empty() ? "" : "; ") + escape_for_terminal(line);
		text.remove_prefix(std::min(end + 1, text.size()));
	}
	return joined;
}

/// What the unit's own processes logged since we asked, not what systemd says about them; "" where
/// the journal says nothing.
std::string read_unit_words(const Context& context, std::chrono::system_clock::time_point since) {
	const std::string from_unit = std::string("_SYSTEMD_UNIT=") + kWindowUnit;
	const auto microseconds =
		std::chrono::duration_cast<std::chrono::microseconds>(since.time_since_epoch()).count();
	std::string fraction = std::to_string(microseconds % 1'000'000);
	fraction.insert(0, 6 - fraction.size(), '0');
	const std::string when = "@" + std::to_string(microseconds / 1'000'000) + "." + fraction;
	auto log = context.run(plan_of({"/usr/bin/journalctl", from_unit, "-n", "5", "-o", "cat", "-q",
							   "--no-pager", "--since", when}),
		"", std::chrono::seconds(10));
	return log && log->status == 0 ? join_lines(log->out) : "";
}

/// Whether PID 1 lost patience with the unit, of which the unit's own processes know nothing.
bool took_too_long(const Context& context) {
	auto shown = context.run(plan_of({"/usr/bin/systemctl", "show",
								 "--property=Result,ReloadResult", "--value", kWindowUnit}),
		"", std::chrono::seconds(10));
	return shown && shown->status == 0 &&
		   (shown->out.starts_with("timeout\n") || shown->out.ends_with("\ntimeout\n"));
}

}    // namespace

Status control_unit(const Context& context, const std::vector<std::string>& words) {
	const auto since = std::chrono::system_clock::now();
	std::vector<std::string> argv{"/usr/bin/systemctl"};
	argv.insert(argv.end(), words.begin(), words.end());
	argv.emplace_back(kWindowUnit);
	auto done = context.run(plan_of(std::move(argv)), "", std::chrono::minutes(2));
	if (!done)
		return std::move(done).error().within("systemctl");
	if (done->status == 0)
		return Done{};
	std::string why = read_unit_words(context, since);
	if (why.empty())
		why = join_lines(done->err);
	if (took_too_long(context))
		why = "it took longer than the unit's TimeoutStartSec; " + why;
	return Error{Fault::unavailable, "systemctl " + words.back() + " " + kWindowUnit +
										 " failed: " + (why.empty() ? "no reason was given" : why)};
}

}    // namespace rassist::cli
