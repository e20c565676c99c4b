// What makes a live session one that must end. Pure but for reading the records.
#include "rassist/enforce/enforce.hpp"

#include "common/admission/origin.hpp"
#include "common/admission/store.hpp"
#include "common/base/lookup.hpp"
#include "common/base/parse.hpp"
#include "common/base/parse_network.hpp"
#include "common/records/config.hpp"
#include "common/records/registry.hpp"
#include "common/records/revoked_window.hpp"
#include "common/sessions/narrowing_mark.hpp"

namespace rassist::cli {

namespace {

using enum SessionVerdict::Is;

SessionVerdict ends(std::string why) { return {over, std::move(why)}; }

/// A failure of the system is no reason to cut anybody.
bool is_the_systems(const Error& error) {
	return error.code == Fault::io || error.code == Fault::busy || error.code == Fault::unavailable;
}

/// Records that are there and not believed count for nothing, as they do at a login.
template <class T> bool counts_for_nothing(const Lookup<T>& found) {
	return found.absent() || (found.failed() && !is_the_systems(found.error()));
}

/// What forbids counts as well where it is not believed.
bool forbids(const Result<bool>& found) { return found ? *found : !is_the_systems(found.error()); }

/// nullopt: the device may be connected.
std::optional<SessionVerdict> judge_device(const Context& context, const Serial& serial) {
	const auto device = find_device(context.paths, serial, context.root);
	if (counts_for_nothing(device))
		return ends("the device is not registered");
	if (device.found() && device->blocked)
		return ends("the device is blocked");
	return std::nullopt;
}

/// By a configuration that can be read: with one that cannot, nobody new gets in and nobody is cut.
std::optional<SessionVerdict> judge_origin(
	const Context& context, const Session& session, const Grant& grant) {
	const auto config = load_config(context.paths, context.root);
	if (auto refused = refuse_origin(
			config ? config->support_from : std::vector<Network>(), grant.from, session.from))
		return ends(*std::move(refused));
	return std::nullopt;
}

/// nullopt: what it reaches since its login is still its own.
std::optional<SessionVerdict> judge_scope(
	const Context& context, const Session& session, const Grant& grant) {
	if (!are_all_within(session.scope, grant.scope))
		return ends("its scope is narrower now");
	if (forbids(was_narrowed_since(context.paths, session, context.root)))
		return ends("its scope, or a group in it, is smaller than when it logged in");
	return std::nullopt;
}

/// The key it logged in with is still accepted, from where it is, for all it reaches.
SessionVerdict judge_staff(const Context& context, const Session& session, const Now& now) {
	const auto fingerprint = Fingerprint::parse(session.key);
	if (!fingerprint)
		return ends("its key is not known");
	const auto grant =
		find_grant(grant_folder_of(session.role, context.paths), *fingerprint, context.root);
	if (counts_for_nothing(grant))
		return ends("its key is no longer accepted");
	if (grant.failed())
		return {fine, ""};
	if (grant->subject != session.subject)
		return ends("its key belongs to somebody else now");
	if (grant->expires && grant->expires->passed(now))
		return ends("its key has expired");
	if (auto wrong = judge_origin(context, session, *grant))
		return *std::move(wrong);
	return judge_scope(context, session, *grant).value_or(SessionVerdict{fine, ""});
}

/// The grant a tunnel lives by is its window's: the device may have enrolled again meanwhile, with
/// another key.
std::optional<SessionVerdict> judge_window(
	const Context& context, const Session& session, const Now& now) {
	const auto grant =
		find_grant_of(grant_folder_of(Role::tunnel, context.paths), session.subject, context.root);
	if (counts_for_nothing(grant))
		return ends("its window is no longer open here");
	if (grant.found() && grant->window != session.window)
		return ends("another window of the device has been opened");
	if (grant.found() && grant->expires && grant->expires->passed(now))
		return ends("its window has expired");
	if (session.window &&
		forbids(is_window_revoked(context.paths, *session.window, now, context.root)))
		return ends("its window was revoked");
	return std::nullopt;
}

SessionVerdict judge_tunnel(
	const Context& context, const Session& session, bool grown, bool newest, const Now& now) {
	const auto serial = Serial::parse(session.subject);
	if (!serial)
		return ends("it is of no device");
	if (auto wrong = judge_device(context, *serial))
		return *std::move(wrong);
	if (auto wrong = judge_window(context, session, now))
		return *std::move(wrong);
	if (!grown)
		return {wait, ""};    // what is up may still be the one before it, which is about to end
	if (!newest)
		return ends("a later tunnel has taken its place");
	return is_tunnel_up(context.paths, *serial) ? SessionVerdict{fine, ""}
												: ends("it has carried nothing since it logged in");
}

/// An identity's or an activation's login is there to ask one question. Its grant may be used up by
/// that, and enroll itself tells a blocked device.
SessionVerdict judge_question(bool grown) {
	return grown ? ends("it has been there longer than an enrolment takes")
				 : SessionVerdict{wait, ""};
}

}    // namespace

std::chrono::seconds patience(Role role) {
	return role == Role::tunnel ? std::chrono::seconds(10) : std::chrono::seconds(60);
}

SessionVerdict judge(
	const Context& context, const Session& session, bool grown, bool newest, const Now& now) {
	switch (session.role) {
	case Role::tunnel:
		return judge_tunnel(context, session, grown, newest, now);
	case Role::staff:
		return judge_staff(context, session, now);
	case Role::identity:
	case Role::activation:
		return judge_question(grown);
	case Role::assist:
		return {fine, ""};    // a device's own: its window ends it
	case Role::none:
		break;
	}
	return ends("it has no role");
}

}    // namespace rassist::cli
