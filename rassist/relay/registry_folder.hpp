// The registry's folder as its writers hold it: under its lock, with the counter of addresses and
// the names that an import uses.
#pragma once

#include "common/records/registry.hpp"
#include "common/system/files.hpp"

#include <cstdint>
#include <string>

namespace rassist {

/// An import holds this lock for as long as it runs.
inline constexpr const char* kImportLock = ".import.lock";
/// Here are records of an import that are not registered yet.
inline constexpr const char* kStaged = ".import";
/// The same folder once all are registered: its rename was the commit.
inline constexpr const char* kRegistered = ".imported";

/// The folder devices/, held under its lock. Whoever writes it owns it: root, on a relay. Opening
/// it takes back an import that was interrupted, or finishes one that had been committed, and
/// builds the index of groups where it is not whole.
struct RegistryFolder {
	Folder folder;
	FileLock lock;

	static Result<RegistryFolder> open(const Paths& paths);
};

/// The index of the next address. It only rises, so no device ever gets one that was another's.
[[nodiscard]] Result<std::int64_t> read_next_index(const Paths& paths, const Folder& devices);
[[nodiscard]] Status write_next_index(const Folder& devices, std::int64_t index);

/// The record as text, if readers will take it.
[[nodiscard]] Result<std::string> format_checked_device(const Device& device);

}    // namespace rassist
