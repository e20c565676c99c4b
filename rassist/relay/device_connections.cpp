#include "rassist/relay/device_connections.hpp"

#include "common/sessions/session.hpp"
#include "common/sessions/session_end.hpp"
#include "rassist/enforce/cut.hpp"
#include "rassist/enforce/enforce.hpp"

#include <cstdint>
#include <limits>

namespace rassist::cli {

Result<int> end_enrolment_logins(const Context& context, const Serial& serial) {
	int ended = 0;
	for (const Role role : {Role::identity, Role::activation}) {
		const auto some = displace_sessions(context.paths, role, serial.str(),
			std::numeric_limits<std::int64_t>::max(), kTimeToLeave);
		if (!some)
			return some.error();
		ended += *some;
	}
	return ended;
}

Result<int> judge_tunnels_of(const Context& context, const std::string& serial) {
	return judge_sessions_of(
		context, Role::tunnel, serial, [](const Session&) { return true; });
}

}    // namespace rassist::cli
