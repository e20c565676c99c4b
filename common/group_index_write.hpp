// The index of groups, writing side: for the registry's writers, who hold its lock.
#pragma once

#include "common/files.hpp"
#include "common/parse.hpp"
#include "common/paths.hpp"

#include <map>
#include <string>
#include <vector>

namespace rassist {

class GroupIndex {
public:
	/// not durable: whoever adds many ends with one syncfs(2).
	explicit GroupIndex(const Paths& paths, bool durable = true) : path_(paths.groups()), durable_(durable) {}

	/// Before the device's record is written. Folders that are missing are made.
	[[nodiscard]] Status add(const Serial& serial, const std::vector<Name>& groups);
	/// After its record was written or removed.
	[[nodiscard]] Status remove(const Serial& serial, const std::vector<Name>& groups);

	/// From here on every device's groups are in it: readers may ask it.
	[[nodiscard]] Status declare_whole() const;

private:
	friend Status build_groups(const Paths& paths);
	GroupIndex(std::string path, bool durable) : path_(std::move(path)), durable_(durable) {}
	[[nodiscard]] Result<const Folder*> open(const Name& group);

	std::string path_;
	bool durable_;
	std::map<std::string, Folder> open_;    ///< a few of the groups
};

[[nodiscard]] bool groups_are_whole(const Paths& paths);

/// Builds it anew from the devices' records and puts it in the former one's place.
[[nodiscard]] Status build_groups(const Paths& paths);

}    // namespace rassist
