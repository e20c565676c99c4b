// What a relay's verbs share.
#pragma once

#include "common/keys/public_key.hpp"
#include "common/records/grant.hpp"
#include "common/sessions/session.hpp"
#include "rassist/frame/verb.hpp"
#include "rassist/relay/registry_write.hpp"

namespace rassist::cli {

[[nodiscard]] Error unknown_device(const Serial& serial);

/// The registry's folder is missing: this host is no relay, or tmpfiles was not run.
[[nodiscard]] Error no_registry(const Context& context);

/// not_found where it is not registered.
[[nodiscard]] Result<Device> registered_device(const Context& context, const Serial& serial);
/// Changes its record under the registry's lock. not_found where it is not registered.
[[nodiscard]] Result<DeviceChange> changed_device(
	const Context& context, const Serial& serial, const DeviceEdit& edit);

/// Ends the device's connections that are there to ask one question (enrolment, activation), by
/// ourselves: the answer may change records, and after this none of them does. How many there were.
[[nodiscard]] Result<int> end_questions(const Context& context, const Serial& serial);

/// A grant with what every role has; the rest is the caller's.
[[nodiscard]] Grant new_grant(Role role, std::string subject, PublicKey key, std::int64_t issued);

/// A note as it may be typed: one printable line of at most 200 bytes. What a record takes is
/// check_note's affair.
[[nodiscard]] Status parse_note(std::string_view text);

}    // namespace rassist::cli
