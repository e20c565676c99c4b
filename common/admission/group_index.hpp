// groups/GROUP/SERIAL: empty files of root's, an index of the groups that devices/ names, kept by
// registry_write. A device of a group is always in it. It may name a device too many, which does no
// harm, for the device's record has the last word. The file .whole says that the index may be
// asked.
#pragma once

#include "common/base/parse.hpp"
#include "common/base/paths.hpp"
#include "common/system/files.hpp"

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <vector>

namespace rassist {

inline constexpr const char* kWhole = ".whole";

class GroupMembers {
public:
	/// nullopt: there is no index, it is not whole, or it is not root's.
	static std::optional<GroupMembers> open(const Paths& paths, const Name& group, uid_t root);

	/// Lists all members, in no order; nullopt where there are more than `most`.
	[[nodiscard]] std::optional<std::vector<Serial>> first(std::size_t most) const;
	[[nodiscard]] bool has(const Serial& serial) const;

private:
	explicit GroupMembers(std::optional<Folder> folder) : folder_(std::move(folder)) {}
	std::optional<Folder> folder_;    ///< none: nobody is in the group
};

}    // namespace rassist
