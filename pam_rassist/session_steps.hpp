// The session steps: sshd runs the first when the login is settled, before it forks the user's
// process or binds a forward; the last when all of it is over.
#pragma once

#include "pam_rassist/request.hpp"
#include "pam_rassist/world.hpp"

namespace rassist::pam {

/// Registers the session, then reads the records that let it in once more. Whoever takes them away
/// first removes the records and then ends the sessions that are registered, so one of the two sees
/// the other: nobody slips in between. What must not be ends its own connection. A tunnel first
/// ends the older ones of its device.
[[nodiscard]] Decision open_session(const Request& request, World& world);

/// Forgets it.
[[nodiscard]] Decision close_session(World& world);

}    // namespace rassist::pam
