#include "rassist/doctor/examined_host.hpp"

#include "common/system/child.hpp"

#include <utility>

namespace rassist::cli::doctor {

Result<Finished> ExaminedHost::ask(Argv argv, std::chrono::seconds patience) const {
	const ChildPlan plan{.argv = std::move(argv),
		.environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "HOME=" + context.home}};
	return context.run(plan, {}, patience);
}

}    // namespace rassist::cli::doctor
