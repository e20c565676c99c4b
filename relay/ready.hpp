// /run/rassist/ready/SERIAL: locked (F_OFD_SETLK) by the hold whose tunnel is up. The name is
// always that of the newest hold: a later one puts its own file, locked already, in the place of a
// former one's, so that nothing has to be waited for and a reader never sees a gap. The kernel
// frees the lock however we end.
#pragma once

#include "common/base/parse.hpp"
#include "common/base/paths.hpp"
#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"
#include "common/system/files.hpp"

#include <string>

namespace rassist::hold {

class Ready {
public:
	/// busy where another hold stands still in the middle of this.
	static Result<Ready> take(const Paths& paths, const Serial& serial);
	Ready(Ready&&) noexcept = default;
	Ready& operator=(Ready&&) noexcept = delete;
	Ready(const Ready&) = delete;
	Ready& operator=(const Ready&) = delete;
	/// Removes the name if it is still ours.
	~Ready();

	/// Whether the name is still ours: no later hold has taken it.
	[[nodiscard]] bool ours() const noexcept;

private:
	Ready(Folder folder, std::string name, UniqueFd file)
		: folder_(std::move(folder)), name_(std::move(name)), file_(std::move(file)) {}
	Folder folder_;
	std::string name_;
	UniqueFd file_;
};

}    // namespace rassist::hold
