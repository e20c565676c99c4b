// /run/rassist/ready/SERIAL is locked (F_OFD_SETLK) by the hold whose tunnel is up. The name is
// always that of the newest hold: a later one puts its own file, locked already, in the place of
// the former one's, so that nothing has to be waited for and a reader never sees a gap. The kernel
// frees the lock however we end.
#pragma once

#include "common/base/parse.hpp"
#include "common/base/paths.hpp"
#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"
#include "common/system/files.hpp"

#include <string>

namespace rassist::hold {

class ReadyLock {
public:
	/// busy where another hold has stopped in the middle of this.
	static Result<ReadyLock> take(const Paths& paths, const Serial& serial);
	ReadyLock(ReadyLock&&) noexcept = default;
	ReadyLock& operator=(ReadyLock&&) noexcept = delete;
	ReadyLock(const ReadyLock&) = delete;
	ReadyLock& operator=(const ReadyLock&) = delete;
	/// Removes the name if it is still ours.
	~ReadyLock();

	/// Whether the name is still ours: no later hold has taken it.
	[[nodiscard]] bool is_ours() const noexcept;

private:
	ReadyLock(Folder folder, std::string name, UniqueFd file)
		: folder_(std::move(folder)), name_(std::move(name)), file_(std::move(file)) {}
	Folder folder_;
	std::string name_;
	UniqueFd file_;
};

}    // namespace rassist::hold
