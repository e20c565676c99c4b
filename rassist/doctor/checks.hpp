// A list by its nature: the table of what the doctor looks at, and a function for each check, in
// the files that the comments name.
#pragma once

#include "rassist/doctor/examined_host.hpp"

#include <span>
#include <string_view>

namespace rassist::cli::doctor {

struct Check {
	std::string_view name;
	unsigned roles;    ///< Where, as bits
	void (*look)(ExaminedHost& host);
};

/// The checks in the order in which a login meets them; rassist(1) says what each looks at.
[[nodiscard]] std::span<const Check> list_checks();

// host.cpp
void look_at_config(ExaminedHost& host);
void look_at_accounts(ExaminedHost& host);
void look_at_clock(ExaminedHost& host);
void look_at_disk(ExaminedHost& host);
void look_at_openssh(ExaminedHost& host);
void look_at_crypto(ExaminedHost& host);
void look_at_labels(ExaminedHost& host);
// ownership.cpp
void look_at_ownership(ExaminedHost& host);
void look_at_folders(ExaminedHost& host);
// records.cpp
void look_at_records(ExaminedHost& host);
void look_at_identity(ExaminedHost& host);
// door.cpp, ports.cpp
void look_at_door(ExaminedHost& host);
void look_at_ports(ExaminedHost& host);
// pam.cpp
void look_at_pam(ExaminedHost& host);
void look_at_sudo(ExaminedHost& host);
// units.cpp
void look_at_units(ExaminedHost& host);
void look_at_guard(ExaminedHost& host);
// names.cpp, relays.cpp, support.cpp
void look_at_names(ExaminedHost& host);
void look_at_relays(ExaminedHost& host);
void look_at_support(ExaminedHost& host);

}    // namespace rassist::cli::doctor
