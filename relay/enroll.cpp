#include "relay/enroll.hpp"

#include "common/base/lookup.hpp"
#include "common/issuing/store_write.hpp"
#include "common/keys/digest.hpp"
#include "common/records/publication.hpp"
#include "common/records/revoked_window.hpp"

#include <sysexits.h>

#include <array>
#include <cstring>
#include <utility>

namespace rassist::enroll {
namespace {

constexpr std::string_view kUsage =
	"enroll takes `identity SERIAL` or `activation SERIAL FINGERPRINT`";

/// The first of the other roles that this key has; none where it has no other.
Result<Role> find_other_role(const EnrollContext& context, Role own, const PublicKey& key) {
	constexpr std::array kRoles{Role::identity, Role::staff, Role::activation, Role::tunnel};
	const Fingerprint fingerprint = fingerprint_of(key);
	for (const Role role : kRoles) {
		if (role == own)
			continue;
		const Lookup<Grant> grant =
			find_grant(grant_folder_of(role, context.paths), fingerprint, context.root);
		if (grant.failed())
			return grant.error();
		if (grant.found())
			return role;
	}
	return Role::none;
}

template <class Request>
EnrollRecords read_enroll_records(const EnrollCaller& caller, const Result<Request>& request,
	Role role, const EnrollContext& context) {
	return EnrollRecords{find_device(context.paths, caller.serial, context.root),
		request ? find_other_role(context, role, request->key) : Result<Role>(Role::none)};
}

/// What the device learns of a failure to store: the system's word, not our paths.
std::string system_word_of(const Error& error) {
	return error.os_errno == 0 ? std::string{}
							   : std::string(" (") + std::strerror(error.os_errno) + ")";
}

EnrollOutcome fail_storing(EnrollOutcome outcome, const Error& error, std::string_view more) {
	const bool taken = error.code == Fault::exists;
	outcome.answer.refused = taken ? Refusal::key_taken : Refusal::storage;
	outcome.answer.message = taken ? "the key is in use already, by another device"
								   : "the relay cannot store the grant" + system_word_of(error);
	outcome.answer.message += more;
	outcome.answer.retry = choose_retry(*outcome.answer.refused);
	outcome.detail = error.what;
	return outcome;
}

EnrollOutcome make_outcome(const Id& id) {
	return EnrollOutcome{
		EnrollAnswer{
			.id = id, .refused = {}, .message = {}, .serial = {}, .relay = {}, .address = {}},
		{}, {}, false, false, {}, {}};
}

void fill_in_refusal(EnrollAnswer& answer, const EnrollDecision& decision) {
	answer.refused = decision.refused;
	answer.message = decision.why;
	answer.retry = choose_retry(*decision.refused);
}

template <class Request>
EnrollOutcome begin_outcome(const EnrollCaller& caller, const Result<Request>& request,
	const EnrollRecords& known, const EnrollDecision& decision, const EnrollContext& context) {
	EnrollOutcome outcome = make_outcome(request ? request->id : Id::random());
	outcome.answer.serial = caller.serial.str();
	outcome.answer.relay = context.config.relay_name;
	outcome.answer.time = context.now.wall;
	if (request)
		outcome.key = fingerprint_of(request->key);
	if (decision.refused)
		fill_in_refusal(outcome.answer, decision);
	for (const Error* error : {known.device.failed() ? &known.device.error() : nullptr,
			 known.other_role ? nullptr : &known.other_role.error(),
			 known.revoked ? nullptr : &known.revoked.error()})
		if (error != nullptr)
			outcome.detail = error->what;
	return outcome;
}

EnrollOutcome enrol_tunnel(
	const EnrollCaller& caller, std::string_view text, const EnrollContext& context) {
	const Result<EnrollRequest> request = parse_enroll_request(text);
	EnrollRecords known = read_enroll_records(caller, request, Role::tunnel, context);
	if (request)
		known.revoked =
			is_window_revoked(context.paths, request->window, context.now, context.root);
	const EnrollDecision decision =
		decide_request(caller.serial, request, known, context.config, context.now);
	EnrollOutcome outcome = begin_outcome(caller, request, known, decision, context);
	if (request)
		outcome.window = request->window;
	if (decision.refused)
		return outcome;
	EnrollDecision last;
	const Status stored = replace_grant(
		grant_folder_of(Role::tunnel, context.paths), caller.serial.str(),
		[&](const std::optional<Grant>& former) {
			last = succeed_former_grant(former, *decision.grant, request->displaced, context.now);
			return last.grant;
		},
		true, context.root);
	if (!stored)
		return fail_storing(std::move(outcome), stored.error(), "");
	outcome.twin = last.refused || request->displaced;
	if (last.refused) {
		fill_in_refusal(outcome.answer, last);
		return outcome;
	}
	outcome.answer.address = known.device->address;
	outcome.answer.ssh_port = kSshPort;
	outcome.answer.http_port = kHttpPort;
	outcome.answer.seconds = decision.grant->expires->remaining(context.now);
	PublishedPlaces public_places =
		read_published_places(context.paths, caller.serial, context.root);
	outcome.answer.published = std::move(public_places.places);
	outcome.withheld = std::move(public_places.withheld);
	return outcome;
}

/// Nothing is stored: the device learns whether it is known and what time it is on the relay.
EnrollOutcome answer_check(
	const EnrollCaller& caller, const CheckRequest& request, const EnrollContext& context) {
	EnrollOutcome outcome = make_outcome(request.id);
	outcome.checked = true;
	outcome.answer.serial = caller.serial.str();
	outcome.answer.relay = context.config.relay_name;
	outcome.answer.time = context.now.wall;
	if (const std::optional<EnrollDecision> refused =
			check_device(caller.serial, find_device(context.paths, caller.serial, context.root)))
		fill_in_refusal(outcome.answer, *refused);
	return outcome;
}

EnrollOutcome activate_device(
	const EnrollCaller& caller, std::string_view text, const EnrollContext& context) {
	const Result<ActivateRequest> request = parse_activate_request(text);
	const EnrollRecords known = read_enroll_records(caller, request, Role::identity, context);
	const EnrollDecision decision = decide_request(caller.serial, request, known, context.now);
	EnrollOutcome outcome = begin_outcome(caller, request, known, decision, context);
	if (decision.refused)
		return outcome;
	// A key of another device is refused before the token is used up: put_grant would refuse it
	// only afterwards.
	const GrantFolder identities = grant_folder_of(Role::identity, context.paths);
	const Lookup<Grant> owner = find_grant(identities, *outcome.key, context.root);
	if (owner.failed() || (owner.found() && owner->subject != caller.serial.str()))
		return fail_storing(std::move(outcome),
			owner.found() ? Error{Fault::exists, "the key is " + quoted(owner->subject) + "'s"}
						  : owner.error(),
			"");

	const Result<Grant> token = use_activation(
		grant_folder_of(Role::activation, context.paths), *caller.token, context.root);
	const bool good = token && token->subject == caller.serial.str() && token->expires &&
					  !token->expires->passed(context.now);
	if (!good) {
		const bool gone = token || token.error().code == Fault::not_found;
		outcome.answer.refused = gone ? Refusal::token_used : Refusal::storage;
		outcome.answer.message =
			gone ? "the activation token has been used already, or is no longer valid"
				 : "the relay cannot use the token up" + system_word_of(token.error());
		outcome.answer.retry = choose_retry(*outcome.answer.refused);
		outcome.detail =
			token ? "the token's record is of " + quoted(token->subject) + ", or has expired"
				  : token.error().what;
		return outcome;
	}
	if (const Status stored = put_grant(identities, *decision.grant, true, context.root); !stored)
		return fail_storing(std::move(outcome), stored.error(),
			"; the token is used up: the relay's admin has to issue a new one");
	return outcome;
}

}    // namespace

Result<EnrollCaller> parse_caller(std::span<const char* const> arguments) {
	const Error usage{Fault::invalid, std::string(kUsage)};
	if (arguments.size() < 2)
		return usage;
	const std::string_view kind = arguments[0];
	const Result<Serial> serial = Serial::parse(arguments[1]);
	if (!serial)
		return serial.error();
	if (kind == "identity" && arguments.size() == 2)
		return EnrollCaller{*serial, {}};
	if (kind != "activation" || arguments.size() != 3)
		return usage;
	const Result<Fingerprint> token = Fingerprint::parse_file_name(arguments[2]);
	if (!token)
		return token.error();
	return EnrollCaller{*serial, *token};
}

EnrollOutcome answer_request(
	const EnrollCaller& caller, std::string_view request, const EnrollContext& context) {
	if (caller.token)
		return activate_device(caller, request, context);
	if (const Result<CheckRequest> question = parse_check_request(request))
		return answer_check(caller, *question, context);
	return enrol_tunnel(caller, request, context);
}

EnrollOutcome refuse_unread(Refusal refusal, std::string why, std::string detail) {
	EnrollOutcome outcome = make_outcome(Id::random());
	outcome.detail = std::move(detail);
	outcome.answer.refused = refusal;
	outcome.answer.message = std::move(why);
	outcome.answer.retry = choose_retry(refusal);
	return outcome;
}

int exit_status_of(const EnrollAnswer& answer) {
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
