// The host that the doctor examines, in one of its roles.
#pragma once

#include "common/base/parse_network.hpp"
#include "common/records/config.hpp"
#include "common/system/run.hpp"
#include "rassist/doctor/finding.hpp"
#include "rassist/frame/verb.hpp"

#include <chrono>
#include <vector>

namespace rassist::cli::doctor {

struct ExaminedHost {
	Context& context;
	Where role;
	Findings& findings;
	Result<Config> config;
	/// Where the relay's door listens, as sshd understands its configuration; the check of the door
	/// sets it.
	std::vector<HostPort> listen_addresses{};

	[[nodiscard]] bool is(Where where) const { return role == where; }
	/// Runs a program in English with a bare environment.
	[[nodiscard]] Result<Finished> ask(
		Argv argv, std::chrono::seconds patience = std::chrono::seconds(15)) const;
};

}    // namespace rassist::cli::doctor
