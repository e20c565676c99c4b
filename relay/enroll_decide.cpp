// The decisions: pure functions of what was asked and what the relay's records say.
#include "relay/enroll.hpp"

#include <algorithm>

namespace rassist::enroll {
namespace {

EnrollDecision refuse_with(Refusal refusal, std::string why) {
	return EnrollDecision{refusal, std::move(why), {}};
}

std::optional<EnrollDecision> check_key(const Result<Role>& stands) {
	if (!stands)
		return refuse_with(Refusal::internal, "the relay cannot tell whether the key is free");
	if (*stands != Role::none)
		return refuse_with(Refusal::key_taken,
			"the key is in use already, as a key of role " + std::string(format_role(*stands)));
	return std::nullopt;
}

Grant grant_of(Role role, const Serial& subject, const PublicKey& key, const Now& now) {
	return Grant{.role = role,
		.subject = subject.str(),
		.key = key,
		.expires = {},
		.issued = now.wall,
		.window = {},
		.relay = {},
		.reach = {},
		.from = {},
		.scope = {},
		.note = {}};
}

}    // namespace

std::optional<EnrollDecision> check_device(const Serial& caller, const Lookup<Device>& device) {
	if (device.failed())
		return refuse_with(
			Refusal::internal, "the relay cannot read its record of " + caller.str());
	if (device.absent())
		return refuse_with(
			Refusal::serial_unknown, caller.str() + " is not registered on this relay");
	if (device->blocked)
		return refuse_with(Refusal::blocked, caller.str() + " is blocked on this relay");
	return std::nullopt;
}

EnrollDecision decide_request(const Serial& caller, const Result<EnrollRequest>& request,
	const EnrollRecords& known, const Config& config, const Now& now) {
	if (std::optional<EnrollDecision> refused = check_device(caller, known.device))
		return *std::move(refused);
	if (!request)
		return refuse_with(Refusal::malformed, request.error().what);
	if (request->serial && *request->serial != caller)
		return refuse_with(Refusal::serial_mismatch, "the request names " +
														 quoted(request->serial->str()) +
														 ", but the key is " + caller.str() + "'s");
	if (request->seconds.count() <= 0)
		return refuse_with(Refusal::malformed,
			"the request asks for no time at all; at least one second would be right");
	if (!known.revoked)
		return refuse_with(
			Refusal::internal, "the relay cannot tell whether this window was revoked");
	if (*known.revoked)
		return refuse_with(Refusal::window_revoked,
			"this window was ended by the relay's administrator; a new one may be opened");
	if (std::optional<EnrollDecision> refused = check_key(known.other_role))
		return *std::move(refused);
	const std::chrono::seconds granted = std::min(request->seconds, config.grant_max);
	Grant grant = grant_of(Role::tunnel, caller, request->key, now);
	grant.expires = Deadline{now.wall + granted.count(), {}};
	grant.window = request->window;
	grant.sequence = request->sequence;
	grant.relay = config.relay_name;
	return EnrollDecision{{}, {}, std::move(grant)};
}

EnrollDecision decide_request(const Serial& caller, const Result<ActivateRequest>& request,
	const EnrollRecords& known, const Now& now) {
	if (std::optional<EnrollDecision> refused = check_device(caller, known.device))
		return *std::move(refused);
	if (!request)
		return refuse_with(Refusal::malformed, request.error().what);
	if (std::optional<EnrollDecision> refused = check_key(known.other_role))
		return *std::move(refused);
	return EnrollDecision{{}, {}, grant_of(Role::identity, caller, request->key, now)};
}

EnrollDecision succeed_former_grant(
	const std::optional<Grant>& former, Grant grant, bool displaced, const Now& now) {
	const bool stands =
		former && former->window && former->expires && !former->expires->passed(now);
	if (!stands)
		return EnrollDecision{{}, {}, std::move(grant)};
	const auto& over = former->superseded;
	if (std::find(over.begin(), over.end(), *grant.window) != over.end()) {
		EnrollDecision refused = refuse_with(Refusal::superseded,
			"another machine with this device's identity opened a newer window (until " +
				format_utc(former->expires->wall) +
				"), so this one gives way. One is a copy of the other: give the copy a serial of "
				"its own "
				"(`rassist activate`). To use this one now, close its window and open it again");
		if (!former->twin || now.wall - *former->twin >= kTwinAgain) {
			refused.grant = former;
			refused.grant->twin = now.wall;
		}
		return refused;
	}
	grant.superseded = over;
	if (former->window == grant.window) {
		grant.twin = displaced ? now.wall : former->twin;
	} else {
		grant.superseded.push_back(*former->window);
		if (grant.superseded.size() > kSupersededMost)
			grant.superseded.erase(grant.superseded.begin());
	}
	return EnrollDecision{{}, {}, std::move(grant)};
}

}    // namespace rassist::enroll
