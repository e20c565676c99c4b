#include "rassist/past/kept_journal.hpp"

namespace rassist::cli {

void warn_of_unkept_journal(const Context& context) {
	if (!context.journal.is_kept()) {
		context.warn("this machine keeps its journal in memory alone: nothing from before its last "
					 "start is known (Storage= in journald.conf(5))");
	}
}

}    // namespace rassist::cli
