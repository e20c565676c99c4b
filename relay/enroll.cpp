#include "relay/enroll.hpp"

#include "common/base/lookup.hpp"
#include "common/issuing/store_write.hpp"
#include "common/keys/digest.hpp"
#include "common/records/publication.hpp"
#include "common/records/revoked_window.hpp"

#include <sysexits.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace rassist::enroll {
namespace {

constexpr std::string_view kUsage =
	"enroll takes `identity SERIAL` or `activation SERIAL FINGERPRINT`";

Ruling no(Refusal refusal, std::string why) { return Ruling{refusal, std::move(why), {}}; }

/// What every request needs of the device: registered and not blocked.
std::optional<Ruling> device_refused(const Serial& caller, const Lookup<Device>& device) {
	if (device.failed())
		return no(Refusal::internal, "the relay cannot read its record of " + caller.str());
	if (device.absent())
		return no(Refusal::serial_unknown, caller.str() + " is not registered on this relay");
	if (device->blocked)
		return no(Refusal::blocked, caller.str() + " is blocked on this relay");
	return std::nullopt;
}

std::optional<Ruling> key_refused(const Result<Role>& stands) {
	if (!stands)
		return no(Refusal::internal, "the relay cannot tell whether the key is free");
	if (*stands != Role::none)
		return no(Refusal::key_taken,
			"the key is in use already, as a key of role " + std::string(format_role(*stands)));
	return std::nullopt;
}

/// The first of the other roles' folders in which this key stands.
Result<Role> stands_in(const Surroundings& place, Role own, const PublicKey& key) {
	constexpr std::array kRoles{Role::identity, Role::staff, Role::activation, Role::tunnel};
	const Fingerprint fingerprint = fingerprint_of(key);
	for (const Role role : kRoles) {
		if (role == own)
			continue;
		const Lookup<Grant> grant =
			find_grant(grant_folder_of(role, place.paths), fingerprint, place.root);
		if (grant.failed())
			return grant.error();
		if (grant.found())
			return role;
	}
	return Role::none;
}

template <class Request>
RelayKnowledge look_up(
	const Caller& caller, const Result<Request>& request, Role role, const Surroundings& place) {
	return RelayKnowledge{find_device(place.paths, caller.serial, place.root),
		request ? stands_in(place, role, request->key) : Result<Role>(Role::none)};
}

/// What the device learns of a failure to store: the system's word, not our paths.
std::string system_word(const Error& error) {
	return error.os_errno == 0 ? std::string{}
							   : std::string(" (") + std::strerror(error.os_errno) + ")";
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

Outcome not_stored(Outcome outcome, const Error& error, std::string_view more) {
	const bool taken = error.code == Fault::exists;
	outcome.answer.refused = taken ? Refusal::key_taken : Refusal::storage;
	outcome.answer.message = taken ? "the key is in use already, by another device"
								   : "the relay cannot store the grant" + system_word(error);
	outcome.answer.message += more;
	outcome.answer.retry = choose_retry(*outcome.answer.refused);
	outcome.detail = error.what;
	return outcome;
}

Outcome answering(const Id& id) {
	return Outcome{
		EnrollAnswer{
			.id = id, .refused = {}, .message = {}, .serial = {}, .relay = {}, .address = {}},
		{}, {}, false, false, {}, {}};
}

void put_refusal(EnrollAnswer& answer, const Ruling& decision) {
	answer.refused = decision.refused;
	answer.message = decision.why;
	answer.retry = choose_retry(*decision.refused);
}

template <class Request>
Outcome begun(const Caller& caller, const Result<Request>& request, const RelayKnowledge& known,
	const Ruling& decision, const Surroundings& place) {
	Outcome outcome = answering(request ? request->id : Id::random());
	outcome.answer.serial = caller.serial.str();
	outcome.answer.relay = place.config.relay_name;
	outcome.answer.time = place.now.wall;
	if (request)
		outcome.key = fingerprint_of(request->key);
	if (decision.refused)
		put_refusal(outcome.answer, decision);
	for (const Error* error : {known.device.failed() ? &known.device.error() : nullptr,
			 known.key_stands ? nullptr : &known.key_stands.error(),
			 known.revoked ? nullptr : &known.revoked.error()})
		if (error != nullptr)
			outcome.detail = error->what;
	return outcome;
}

Outcome enrol_tunnel(const Caller& caller, std::string_view text, const Surroundings& place) {
	const Result<EnrollRequest> request = parse_enroll_request(text);
	RelayKnowledge known = look_up(caller, request, Role::tunnel, place);
	if (request)
		known.revoked = is_window_revoked(place.paths, request->window, place.now, place.root);
	const Ruling decision = decide(caller.serial, request, known, place.config, place.now);
	Outcome outcome = begun(caller, request, known, decision, place);
	if (request)
		outcome.window = request->window;
	if (decision.refused)
		return outcome;
	Ruling last;
	const Status stored = replace_grant(
		grant_folder_of(Role::tunnel, place.paths), caller.serial.str(),
		[&](const std::optional<Grant>& former) {
			last = succeed(former, *decision.grant, request->displaced, place.now);
			return last.grant;
		},
		true, place.root);
	if (!stored)
		return not_stored(std::move(outcome), stored.error(), "");
	outcome.twin = last.refused || request->displaced;
	if (last.refused) {
		put_refusal(outcome.answer, last);
		return outcome;
	}
	outcome.answer.address = known.device->address;
	outcome.answer.ssh_port = kSshPort;
	outcome.answer.http_port = kHttpPort;
	outcome.answer.seconds = decision.grant->expires->remaining(place.now);
	PublishedPlaces public_places = read_published_places(place.paths, caller.serial, place.root);
	outcome.answer.published = std::move(public_places.places);
	outcome.withheld = std::move(public_places.withheld);
	return outcome;
}

/// Nothing is stored: the device learns whether it is known, and what time it is here.
Outcome check(const Caller& caller, const CheckRequest& request, const Surroundings& place) {
	Outcome outcome = answering(request.id);
	outcome.checked = true;
	outcome.answer.serial = caller.serial.str();
	outcome.answer.relay = place.config.relay_name;
	outcome.answer.time = place.now.wall;
	if (const std::optional<Ruling> refused =
			device_refused(caller.serial, find_device(place.paths, caller.serial, place.root)))
		put_refusal(outcome.answer, *refused);
	return outcome;
}

Outcome activate(const Caller& caller, std::string_view text, const Surroundings& place) {
	const Result<ActivateRequest> request = parse_activate_request(text);
	const RelayKnowledge known = look_up(caller, request, Role::identity, place);
	const Ruling decision = decide(caller.serial, request, known, place.now);
	Outcome outcome = begun(caller, request, known, decision, place);
	if (decision.refused)
		return outcome;
	// a key of another device is told before the token is gone, not by put_grant afterwards
	const GrantFolder identities = grant_folder_of(Role::identity, place.paths);
	const Lookup<Grant> owner = find_grant(identities, *outcome.key, place.root);
	if (owner.failed() || (owner.found() && owner->subject != caller.serial.str()))
		return not_stored(std::move(outcome),
			owner.found() ? Error{Fault::exists, "the key is " + quoted(owner->subject) + "'s"}
						  : owner.error(),
			"");

	const Result<Grant> token =
		use_activation(grant_folder_of(Role::activation, place.paths), *caller.token, place.root);
	const bool good = token && token->subject == caller.serial.str() && token->expires &&
					  !token->expires->passed(place.now);
	if (!good) {
		const bool gone = token || token.error().code == Fault::not_found;
		outcome.answer.refused = gone ? Refusal::token_used : Refusal::storage;
		outcome.answer.message =
			gone ? "the activation token has been used already, or is no longer valid"
				 : "the relay cannot use the token up" + system_word(token.error());
		outcome.answer.retry = choose_retry(*outcome.answer.refused);
		outcome.detail =
			token ? "the token's record is of " + quoted(token->subject) + ", or has expired"
				  : token.error().what;
		return outcome;
	}
	if (const Status stored = put_grant(identities, *decision.grant, true, place.root); !stored)
		return not_stored(std::move(outcome), stored.error(),
			"; the token is used up: the relay's admin has to issue a new one");
	return outcome;
}

}    // namespace

Result<Caller> parse_arguments(std::span<const char* const> arguments) {
	const Error usage{Fault::invalid, std::string(kUsage)};
	if (arguments.size() < 2)
		return usage;
	const std::string_view kind = arguments[0];
	const Result<Serial> serial = Serial::parse(arguments[1]);
	if (!serial)
		return serial.error();
	if (kind == "identity" && arguments.size() == 2)
		return Caller{*serial, {}};
	if (kind != "activation" || arguments.size() != 3)
		return usage;
	const Result<Fingerprint> token = Fingerprint::parse_file_name(arguments[2]);
	if (!token)
		return token.error();
	return Caller{*serial, *token};
}

Ruling decide(const Serial& caller, const Result<EnrollRequest>& request,
	const RelayKnowledge& known, const Config& config, const Now& now) {
	if (std::optional<Ruling> refused = device_refused(caller, known.device))
		return *std::move(refused);
	if (!request)
		return no(Refusal::malformed, request.error().what);
	if (request->serial && *request->serial != caller)
		return no(Refusal::serial_mismatch, "the request names " + quoted(request->serial->str()) +
												", but the key is " + caller.str() + "'s");
	if (request->seconds.count() <= 0)
		return no(Refusal::malformed,
			"the request asks for no time at all; at least one second would be right");
	if (!known.revoked)
		return no(Refusal::internal, "the relay cannot tell whether this window was revoked");
	if (*known.revoked)
		return no(Refusal::window_revoked,
			"this window was ended by the relay's administrator; a new one may be opened");
	if (std::optional<Ruling> refused = key_refused(known.key_stands))
		return *std::move(refused);
	const std::chrono::seconds granted = std::min(request->seconds, config.grant_max);
	Grant grant = grant_of(Role::tunnel, caller, request->key, now);
	grant.expires = Deadline{now.wall + granted.count(), {}};
	grant.window = request->window;
	grant.sequence = request->sequence;
	grant.relay = config.relay_name;
	return Ruling{{}, {}, std::move(grant)};
}

Ruling decide(const Serial& caller, const Result<ActivateRequest>& request,
	const RelayKnowledge& known, const Now& now) {
	if (std::optional<Ruling> refused = device_refused(caller, known.device))
		return *std::move(refused);
	if (!request)
		return no(Refusal::malformed, request.error().what);
	if (std::optional<Ruling> refused = key_refused(known.key_stands))
		return *std::move(refused);
	return Ruling{{}, {}, grant_of(Role::identity, caller, request->key, now)};
}

Ruling succeed(const std::optional<Grant>& former, Grant grant, bool displaced, const Now& now) {
	const bool stands =
		former && former->window && former->expires && !former->expires->passed(now);
	if (!stands)
		return Ruling{{}, {}, std::move(grant)};
	const auto& over = former->superseded;
	if (std::find(over.begin(), over.end(), *grant.window) != over.end()) {
		Ruling refused = no(Refusal::superseded,
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
	return Ruling{{}, {}, std::move(grant)};
}

Outcome enrol(const Caller& caller, std::string_view request, const Surroundings& place) {
	if (caller.token)
		return activate(caller, request, place);
	if (const Result<CheckRequest> question = parse_check_request(request))
		return check(caller, *question, place);
	return enrol_tunnel(caller, request, place);
}

Outcome refuse(Refusal refusal, std::string why, std::string detail) {
	Outcome outcome = answering(Id::random());
	outcome.detail = std::move(detail);
	outcome.answer.refused = refusal;
	outcome.answer.message = std::move(why);
	outcome.answer.retry = choose_retry(refusal);
	return outcome;
}

int exit_status(const EnrollAnswer& answer) {
	if (!answer.refused)
		return EX_OK;
	switch (*answer.refused) {
	case Refusal::malformed:
		return EX_DATAERR;
	case Refusal::serial_unknown:
	case Refusal::blocked:
	case Refusal::serial_mismatch:
	case Refusal::key_taken:
	case Refusal::token_used:
	case Refusal::superseded:
	case Refusal::window_revoked:
		return EX_NOPERM;
	case Refusal::storage:
		return EX_CANTCREAT;
	case Refusal::elsewhere:
		return EX_UNAVAILABLE;
	case Refusal::timeout:
	case Refusal::internal:
		break;
	}
	return EX_TEMPFAIL;
}

}    // namespace rassist::enroll
