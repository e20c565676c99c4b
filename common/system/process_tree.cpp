// The part of process.hpp that finds out who descends from whom.
#include "common/base/parse.hpp"
#include "common/base/system_call.hpp"
#include "common/system/listing.hpp"
#include "common/system/process.hpp"

#include <fcntl.h>

#include <algorithm>
#include <limits>

namespace rassist {
namespace {

struct Kin {
	pid_t pid = 0;
	pid_t parent = 0;
};

std::vector<Kin> everybody_alive() {
	std::vector<Kin> alive;
	const UniqueFd proc(
		uninterrupted([] { return ::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
	if (!proc)
		return alive;
	const Result<std::vector<std::string>> names = list_folder(proc.get());
	if (!names)
		return alive;
	for (const std::string& name : *names) {
		const Result<std::int64_t> pid = parse_integer(name, 1, std::numeric_limits<pid_t>::max());
		if (!pid)
			continue;
		if (const auto parent = read_process_parent(static_cast<pid_t>(*pid)); parent)
			alive.push_back({static_cast<pid_t>(*pid), *parent});
	}
	return alive;
}

}    // namespace

std::vector<pid_t> find_descendants(pid_t pid) {
	const std::vector<Kin> alive = everybody_alive();
	std::vector<pid_t> found{pid};
	for (std::size_t i = 0; i < found.size(); ++i) {
		for (const Kin& kin : alive)
			if (kin.parent == found[i] &&
				std::find(found.begin(), found.end(), kin.pid) == found.end())
				found.push_back(kin.pid);
	}
	found.erase(found.begin());
	std::reverse(found.begin(), found.end());
	return found;
}

}    // namespace rassist
