// The session steps: sshd runs the first when the login is settled, before it forks the user's
// process or binds a forward; the last when all of it is over.
#pragma once

#include "pam_rassist/request.hpp"
#include "pam_rassist/world.hpp"

namespace rassist::pam {

/// Registers the session, then reads the records that let it in once more. Who takes them away
/// removes the records first and then ends the sessions that are registered, so one of the two sees
/// the other: nobody slips in between. A session that must not be ends its own connection. A tunnel
/// first ends the older ones of its device.
[[nodiscard]] Decision open_session(const Request& request, World& world);

/// Takes the session's record away and tells the journal of its end.
[[nodiscard]] Decision close_session(World& world);

}    // namespace rassist::pam
