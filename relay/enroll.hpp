// The forced command of identity and activation keys: one request in, one answer out. The decision
// is a function of what was asked and what the relay knows; reading, storing and telling the
// journal stand around it.
#pragma once

#include "common/base/lookup.hpp"
#include "common/base/parse.hpp"
#include "common/base/paths.hpp"
#include "common/base/result.hpp"
#include "common/records/config.hpp"
#include "common/records/grant.hpp"
#include "common/records/registry.hpp"
#include "common/system/clock.hpp"
#include "common/wire/enrolment.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace rassist::enroll {

/// Who sshd let in: the helper's line says it, so the serial is the authenticated key's.
struct EnrollCaller {
	Serial serial;
	std::optional<Fingerprint> token;    ///< of the activation key; none for an identity key
};

/// "identity SERIAL" or "activation SERIAL FINGERPRINT".
[[nodiscard]] Result<EnrollCaller> parse_caller(std::span<const char* const> arguments);

/// Where we are and when: what tests put their own in for.
struct EnrollContext {
	Paths paths;
	Config config;
	Now now;
	uid_t root = 0;
};

/// A refusal, the grant that shall be stored, or both.
struct EnrollDecision {
	std::optional<Refusal> refused;
	std::string why;    ///< one sentence for the device, where refused
	std::optional<Grant> grant;
};

/// What the relay's records say that bears on a request.
struct EnrollRecords {
	Lookup<Device> device;
	/// The role in which the key stands already where it must not: any other role, whoever's it is.
	/// none: it is free.
	Result<Role> other_role;
	Result<bool> revoked = false;    ///< the window of a tunnel's request
};

/// The refusal of a device that is not registered, is blocked, or has a record that cannot be read;
/// none for any other. Pure.
[[nodiscard]] std::optional<EnrollDecision> check_device(
	const Serial& caller, const Lookup<Device>& device);

/// Pure. Order: the device first (it learns that it is blocked whatever it asked), then the
/// request, then the key.
[[nodiscard]] EnrollDecision decide(const Serial& caller, const Result<EnrollRequest>& request,
	const EnrollRecords& known, const Config& config, const Now& now);
[[nodiscard]] EnrollDecision decide(const Serial& caller, const Result<ActivateRequest>& request,
	const EnrollRecords& known, const Now& now);

inline constexpr std::size_t kSupersededMost = 16;    ///< windows that a grant remembers
/// seconds for which a twin that was noted is not noted again
inline constexpr std::int64_t kTwinAgain = 60;

/// Pure. The new grant beside the one that the device has now, which is where two machines with one
/// identity meet. A window whose place another one has taken is refused for as long as that lasts,
/// so the machine whose window was opened last wins and the two do not take turns. A machine closes
/// its window before it opens the next: one that was superseded and comes back is another
/// machine's. So is one that comes back after the relay told it that its tunnel was taken. Both
/// leave `twin` in the grant that is to be stored.
[[nodiscard]] EnrollDecision succeed_former_grant(
	const std::optional<Grant>& former, Grant grant, bool displaced, const Now& now);

/// What to tell the device, and what to tell the journal.
struct EnrollOutcome {
	EnrollAnswer answer;
	std::optional<Fingerprint> key;
	std::optional<Id> window;
	bool checked = false;    ///< it was only asked whether the device is known
	bool twin = false;       ///< a second machine with this identity has shown itself
	/// for the journal alone: paths and system errors the device has no use for
	std::string detail;
	/// for the journal alone: why the device is not published as the registry says
	std::string withheld;
};

/// The whole of it: text → decision → store. A token is used up only when nothing but storing is
/// left to do.
[[nodiscard]] EnrollOutcome answer_request(
	const EnrollCaller& caller, std::string_view request, const EnrollContext& context);

/// The answer where no request was read at all.
[[nodiscard]] EnrollOutcome refuse_unread(
	Refusal refusal, std::string why, std::string detail = {});

/// sysexits(3) for an answer.
[[nodiscard]] int exit_status_of(const EnrollAnswer& answer);

}    // namespace rassist::enroll
