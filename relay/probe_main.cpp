// probe is what `rassist windows` and `rassist device show` run as rassist-support, for nobody else
// may connect to a device. The answers lie in /run/rassist/probes afterwards.
#include "common/base/lookup.hpp"
#include "common/records/registry.hpp"
#include "common/system/clock.hpp"
#include "common/system/files.hpp"
#include "relay/forced_command.hpp"
#include "relay/probe_all.hpp"

#include <sysexits.h>
#include <unistd.h>

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rassist::probe {
namespace {

constexpr std::string_view kHelp = R"(usage: probe

Reads serials from standard input, a line each, and asks those whose tunnel is
up whether their ssh answers, unless that was asked just now. The answers are
kept in /run/rassist/probes. To be run as rassist-support. See rassist-
probe(8).
)";

constexpr std::size_t kInputMax = std::size_t{1024} * 1024;    ///< some 16 000 serials at least

/// 69 (unavailable) where they are too many to be asked.
int run(std::span<const char* const> arguments) {
	if (!arguments.empty())
		return EX_USAGE;
	const Result<std::string> text = read_all(STDIN_FILENO, kInputMax);
	if (!text)
		return text.error().code == Fault::too_large ? EX_UNAVAILABLE : EX_IOERR;
	const Result<Now> time = read_clocks();
	if (!time)
		return EX_OSERR;
	const Paths paths;
	std::vector<ProbeTarget> targets;
	std::string_view rest = *text;
	while (!rest.empty()) {
		const std::size_t end = std::min(rest.find('\n'), rest.size());
		const Result<Serial> serial = Serial::parse(rest.substr(0, end));
		rest.remove_prefix(std::min(end + 1, rest.size()));
		if (!serial)
			return EX_DATAERR;
		const Lookup<Device> device = find_device(paths, *serial);
		const std::optional<std::int64_t> since = find_tunnel_start(paths, *serial);
		if (device.found() && since)
			targets.push_back({*serial, device->address, *since});
	}
	return probe_all(paths, targets, time->wall).too_many ? EX_UNAVAILABLE : EX_OK;
}

}    // namespace
}    // namespace rassist::probe

int main(int argc, char** argv) {
	const auto make_help = [] { return std::string(rassist::probe::kHelp); };
	return rassist::forced::run_program(argc, argv, make_help, rassist::probe::run);
}
