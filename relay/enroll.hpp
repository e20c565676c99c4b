// The forced command of identity and activation keys reads one request and gives one answer. The
// decision is a pure function of what was asked and what the relay knows; reading, storing and
// telling the journal are done around it.
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

/// The device that sshd let in. The serial is the authenticated key's: it stands in the line that
/// the helper gave to sshd.
struct EnrollCaller {
	Serial serial;
	std::optional<Fingerprint> token;    ///< of the activation key; none for an identity key
};

/// Parses the program's arguments: "identity SERIAL" or "activation SERIAL FINGERPRINT".
[[nodiscard]] Result<EnrollCaller> parse_caller(std::span<const char* const> arguments);

/// Where the relay's files are, what its configuration says and what time it is. Tests put in their
/// own.
struct EnrollContext {
	Paths paths;
	Config config;
	Now now;
	uid_t root = 0;
};

/// What was decided: a refusal, the grant that shall be stored, or both.
struct EnrollDecision {
	std::optional<Refusal> refused;
	std::string why;    ///< one sentence for the device, where refused
	std::optional<Grant> grant;
};

/// What the relay's records say that bears on a request.
struct EnrollRecords {
	Lookup<Device> device;
	/// The role that the key has already where it must not: any role but the one it is to get,
	/// whoever's key it is. none where the key is free.
	Result<Role> other_role;
	Result<bool> revoked = false;    ///< whether the window of a tunnel's request was revoked
};

/// The refusal of a device that is not registered, is blocked, or has a record that cannot be read;
/// none for any other. Pure.
[[nodiscard]] std::optional<EnrollDecision> check_device(
	const Serial& caller, const Lookup<Device>& device);

/// Decides a request. Pure. The device is judged first (it learns that it is blocked whatever it
/// asked), then the request, then the key.
[[nodiscard]] EnrollDecision decide_request(const Serial& caller,
	const Result<EnrollRequest>& request, const EnrollRecords& known, const Config& config,
	const Now& now);
[[nodiscard]] EnrollDecision decide_request(const Serial& caller,
	const Result<ActivateRequest>& request, const EnrollRecords& known, const Now& now);

inline constexpr std::size_t kSupersededMost = 16;    ///< windows that a grant remembers
/// A twin that was noted is not noted again for so many seconds.
inline constexpr std::int64_t kTwinAgain = 60;

/// Decides by the grant that the device has now, for here two machines with one identity meet.
/// Pure. A window whose place another one has taken is refused for as long as that lasts, so the
/// machine whose window was opened last wins and the two do not take turns. A machine closes its
/// window before it opens the next: one that was superseded and comes back is another machine's. So
/// is one that comes back after the relay told it that its tunnel was taken. Both leave `twin` in
/// the grant that is to be stored.
[[nodiscard]] EnrollDecision succeed_former_grant(
	const std::optional<Grant>& former, Grant grant, bool displaced, const Now& now);

/// What the device and the journal are told.
struct EnrollOutcome {
	EnrollAnswer answer;
	std::optional<Fingerprint> key;
	std::optional<Id> window;
	bool checked = false;    ///< the device only asked whether it is known
	bool twin = false;       ///< a second machine with this identity has shown itself
	/// for the journal alone: paths and system errors, of which the device has no use
	std::string detail;
	/// for the journal alone: why the device is not published as the registry says
	std::string withheld;
};

/// Answers a request: parses it, decides and stores. A token is used up only when nothing but
/// storing is left to do.
[[nodiscard]] EnrollOutcome answer_request(
	const EnrollCaller& caller, std::string_view request, const EnrollContext& context);

/// The answer where no request could be read at all.
[[nodiscard]] EnrollOutcome refuse_unread(
	Refusal refusal, std::string why, std::string detail = {});

/// The exit status of an answer, of sysexits(3).
[[nodiscard]] int exit_status_of(const EnrollAnswer& answer);

}    // namespace rassist::enroll
