// Answers sshd's question whether a key may log in to an account, by an authorized_keys line or
// none.
#pragma once

#include "common/base/lookup.hpp"
#include "common/base/paths.hpp"
#include "common/base/result.hpp"
#include "common/system/clock.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace rassist::authkeys {

/// What sshd hands over: %u %t %k %f.
struct Question {
	std::string_view account;
	std::string_view key_type;
	std::string_view key;            ///< base64
	std::string_view fingerprint;    ///< "SHA256:…"
};

/// Makes the line, without a newline. nullopt: nobody here knows the key; ssh offers all that it
/// has, so this is no event. An error says why a key that is known (or the question) is refused:
/// expired and denied as may_log_in has them; any other is about a record, a folder or a system
/// that is not as it must be.
[[nodiscard]] Lookup<std::string> answer(
	const Question& question, const Paths& paths, const Now& now, uid_t root = 0);

}    // namespace rassist::authkeys
