// A mark says that a staff key or a group reaches less from now on: /run/rassist/narrowed/NAME,
// section [narrowed]. NAME is the key's fingerprint, or @GROUP for a group that lost a device. What
// a connection may reach is settled when it logs in, so connections that began before the mark are
// ended. Root writes it after the record it is about; both sides count the time as the kernel
// counts processes' starts, so that a clock that is set changes nothing.
#pragma once

#include "common/base/parse.hpp"
#include "common/base/paths.hpp"
#include "common/base/result.hpp"
#include "common/keys/public_key.hpp"
#include "common/sessions/session.hpp"

#include <sys/types.h>

#include <string>

namespace rassist {

/// What a mark is about, as its file is called.
[[nodiscard]] inline std::string format_narrowing_mark_name(const Fingerprint& key) {
	return key.file_name();
}
[[nodiscard]] inline std::string format_narrowing_mark_name(const Name& group) {
	return "@" + group.str();
}

/// Makes a mark of this moment, as text.
[[nodiscard]] Result<std::string> format_narrowing_mark();

/// Whether the session's key, or a group in its scope, was narrowed since its connection began. An
/// error: a mark that is there and not believed.
[[nodiscard]] Result<bool> was_narrowed_since(
	const Paths& paths, const Session& session, uid_t root = 0);

}    // namespace rassist
