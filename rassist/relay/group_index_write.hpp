// The writing side of the index of groups, for the registry's writers, who hold its lock.
#pragma once

#include "common/base/parse.hpp"
#include "common/base/paths.hpp"
#include "common/system/files.hpp"

#include <map>
#include <string>
#include <vector>

namespace rassist {

class GroupIndex {
public:
	/// Where it is not durable, whoever adds many ends with one syncfs(2).
	explicit GroupIndex(const Paths& paths, bool durable = true)
		: path_(paths.groups()), durable_(durable) {}

	/// Is called before the device's record is written. It makes folders that are missing.
	[[nodiscard]] Status add(const Serial& serial, const std::vector<Name>& groups);
	/// Is called after the record was written or removed.
	[[nodiscard]] Status remove(const Serial& serial, const std::vector<Name>& groups);

	/// Says that from here on every device's groups are in the index, so that readers may ask it.
	[[nodiscard]] Status declare_whole() const;

private:
	[[nodiscard]] Result<const Folder*> open(const Name& group);

	std::string path_;
	bool durable_;
	std::map<std::string, Folder> open_;    ///< a few of the groups
};

[[nodiscard]] bool groups_are_whole(const Paths& paths);

/// Adds what the devices' records say and the index lacks, then removes what they do not say:
/// readers find every member all the while.
[[nodiscard]] Status mend_groups(const Paths& paths);

}    // namespace rassist
