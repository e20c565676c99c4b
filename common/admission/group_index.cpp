#include "common/admission/group_index.hpp"

#include "common/system/listing.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <string>

namespace rassist {

std::optional<GroupMembers> GroupMembers::open(const Paths& paths, const Name& group, uid_t root) {
	const auto index = Folder::trusted(paths.groups(), root);
	if (!index || ::faccessat(index->fd(), kWhole, F_OK, AT_SYMLINK_NOFOLLOW) != 0)
		return std::nullopt;
	auto members = Folder::trusted(paths.groups() + "/" + group.str(), root);
	if (!members)
		return members.error().code == Fault::not_found ? std::optional(GroupMembers(std::nullopt))
														: std::nullopt;
	return GroupMembers(std::move(*members));
}

std::optional<std::vector<Serial>> GroupMembers::first(std::size_t most) const {
	std::vector<Serial> serials;
	if (!folder_)
		return serials;
	bool more = false;
	const Status read = for_each_name(folder_->fd(), [&](std::string_view name) {
		more = serials.size() == most;
		if (const auto serial = Serial::parse(name); serial && !more)
			serials.push_back(*serial);
		return !more;
	});
	if (!read || more)
		return std::nullopt;
	return serials;
}

bool GroupMembers::has(const Serial& serial) const {
	return folder_ &&
		   ::faccessat(folder_->fd(), serial.str().c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

}    // namespace rassist
