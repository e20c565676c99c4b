// Registers many devices at once, all or none of them, whatever happens in between: their records
// are written beside the others, in devices/.import, then linked to their names; the rename of that
// folder to .imported is the commit. The next writer of the registry takes back what was linked
// before a commit that never came. The registry's lock is not held meanwhile, so blocking a device
// does not wait for an import.
#pragma once

#include "common/base/result.hpp"
#include "common/records/registry.hpp"
#include "common/system/files.hpp"
#include "rassist/relay/group_index_write.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

namespace rassist {

class RegistryImport {
public:
	/// Reserves addresses for so many devices. busy: another import runs. too_large: there are not
	/// so many addresses left.
	static Result<RegistryImport> begin(const Paths& paths, std::size_t count);
	RegistryImport(RegistryImport&&) noexcept = default;
	RegistryImport& operator=(RegistryImport&&) noexcept = delete;
	RegistryImport(const RegistryImport&) = delete;
	RegistryImport& operator=(const RegistryImport&) = delete;
	/// Takes everything back, unless it was committed.
	~RegistryImport();

	/// Writes a device's record beside the others; device.address is given here. exists: the serial
	/// came before.
	[[nodiscard]] Status stage(Device device);

	/// Registers all of them. exists: one has been registered by somebody else meanwhile.
	/// `progress` hears how many are done.
	[[nodiscard]] Status commit(const std::function<void(std::size_t done)>& progress);

private:
	RegistryImport(Folder devices, FileLock turn, std::unique_ptr<Folder> staged, GroupIndex groups,
		std::int64_t next, std::int64_t end)
		: devices_(std::move(devices)), turn_(std::move(turn)), staged_(std::move(staged)),
		  groups_(std::move(groups)), next_(next), end_(end) {}

	Folder devices_;
	FileLock turn_;
	std::unique_ptr<Folder> staged_;    ///< none: committed, or moved from
	GroupIndex groups_;
	std::int64_t next_;
	std::int64_t end_;    ///< past the last address that is ours
};

/// Settles an import that no longer runs: it finishes what was committed and takes back what was
/// not.
[[nodiscard]] Status settle_import(const Folder& devices);

}    // namespace rassist
