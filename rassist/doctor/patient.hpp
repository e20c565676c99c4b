// The host as the doctor sees it, and the table of what he looks at.
#pragma once

#include "common/base/parse_network.hpp"
#include "common/records/config.hpp"
#include "common/system/run.hpp"
#include "rassist/doctor/finding.hpp"
#include "rassist/frame/verb.hpp"

#include <span>

namespace rassist::cli::doctor {

struct Patient {
	Context& context;
	Where role;
	Findings& findings;
	Result<Config> config;
	/// the relay's door's, as sshd understands its configuration
	std::vector<HostPort> listen_addresses{};

	[[nodiscard]] bool is(Where where) const { return role == where; }
	/// Runs it in English with a bare environment.
	[[nodiscard]] Result<Finished> ask(
		Argv argv, std::chrono::seconds patience = std::chrono::seconds(15)) const;
};

struct Check {
	std::string_view name;
	unsigned roles;    ///< Where, as bits
	void (*look)(Patient& patient);
};

/// In the order in which a login meets them; rassist(1) says what each looks at.
[[nodiscard]] std::span<const Check> checks();

// files.cpp, records.cpp
void look_at_ownership(Patient& patient);
void look_at_folders(Patient& patient);
void look_at_records(Patient& patient);
void look_at_identity(Patient& patient);
// host.cpp
void look_at_config(Patient& patient);
void look_at_accounts(Patient& patient);
void look_at_clock(Patient& patient);
void look_at_disk(Patient& patient);
void look_at_openssh(Patient& patient);
void look_at_crypto(Patient& patient);
void look_at_labels(Patient& patient);
// door.cpp, pam.cpp
void look_at_door(Patient& patient);
void look_at_pam(Patient& patient);
void look_at_sudo(Patient& patient);
// units.cpp
void look_at_units(Patient& patient);
void look_at_guard(Patient& patient);
// ports.cpp
void look_at_ports(Patient& patient);
// names.cpp, relays.cpp, support.cpp
void look_at_names(Patient& patient);
void look_at_relays(Patient& patient);
void look_at_support(Patient& patient);

}    // namespace rassist::cli::doctor
