#include "rassist/relay/device_probes.hpp"

#include "common/base/parse.hpp"
#include "common/records/registry.hpp"
#include "common/system/child.hpp"

#include <sysexits.h>

#include <algorithm>

namespace rassist::cli {

namespace {

/// probe itself takes two seconds at most.
constexpr std::chrono::milliseconds kPatience{10'000};

}    // namespace

Status probe_devices(const Context& context, const std::vector<Serial>& serials) {
	if (!context.is_root() || serials.empty())
		return Done{};
	std::string input;
	for (const Serial& serial : serials)
		input += serial.str() + "\n";
	const std::string account = kSupportAccount;
	const ChildPlan plan{
		.argv = {"/usr/bin/setpriv", "--reuid=" + account, "--regid=" + account, "--clear-groups",
			"--no-new-privs", "--", context.paths.libexec + "/probe"},
		.environment = {}};
	const auto finished = context.run(plan, input, kPatience);
	if (!finished)
		return finished.error().within("the devices were not asked whether they answer");
	if (finished->status == EX_UNAVAILABLE) {
		return Error{
			Fault::unavailable, std::to_string(serials.size()) +
									" devices are too many to be asked at once whether they "
									"answer; what is known of them is shown: give a PATTERN"};
	}
	if (finished->status != EX_OK) {
		return Error{Fault::unavailable,
			"the devices were not asked whether they answer: probe ended with " +
				std::to_string(finished->status)};
	}
	return Done{};
}

std::optional<Probe> read_fresh_probe(const Context& context, const Serial& serial) {
	auto probe = read_probe(context.paths, serial);
	const auto since = find_tunnel_start(context.paths, serial);
	return probe && since && probe->at >= *since ? probe : std::nullopt;
}

std::string format_probe(const std::optional<Probe>& probe, const Now& now) {
	if (!probe)
		return "not asked";
	const std::int64_t age = now.wall - probe->at;
	return describe_probe_result(probe->result) + ", " +
		   (age > 0 ? format_duration(std::chrono::seconds(age)) + " ago" : "now");
}

Json make_probe_json(const Probe& probe, const Now& now) {
	Json json = Json::object();
	json.text("result", format_probe_result(probe.result))
		.text("at", format_utc(probe.at))
		.number("age", std::max<std::int64_t>(0, now.wall - probe.at))
		.number("took_ms", probe.took.count());
	return json;
}

}    // namespace rassist::cli
