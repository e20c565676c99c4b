// The folder of the sessions of one role and subject, ROLE.SUBJECT. For session.cpp and
// session_all.cpp.
#pragma once

#include "common/base/lookup.hpp"
#include "common/base/paths.hpp"
#include "common/records/grant.hpp"
#include "common/system/files.hpp"

#include <string>

namespace rassist {

/// Below ROLE.SUBJECT/: holds the last number given out, so that it rises although records go.
inline constexpr const char* kSessionsLock = ".lock";

[[nodiscard]] std::string sessions_folder_of(
	const Paths& paths, Role role, const std::string& subject);
/// Opens and judges it. nullopt: there is none.
[[nodiscard]] Lookup<Folder> open_sessions_folder(
	const Paths& paths, Role role, const std::string& subject);

}    // namespace rassist
