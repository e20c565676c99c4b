// The part of spool_entry.hpp that pam_rassist needs.
#include "common/sessions/spool_entry.hpp"

namespace rassist {

std::string format_spool_entry(const Session& session) {
	return std::string(format_role(session.role)) + "." + session.subject + "." +
		   std::to_string(session.number);
}

}    // namespace rassist
