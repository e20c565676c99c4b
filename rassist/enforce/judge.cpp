#include "rassist/enforce/judge.hpp"

#include "common/admission/origin.hpp"
#include "common/admission/store.hpp"
#include "common/base/lookup.hpp"
#include "common/base/parse.hpp"
#include "common/base/parse_network.hpp"
#include "common/records/config.hpp"
#include "common/records/registry.hpp"
#include "common/records/revoked_window.hpp"
#include "common/sessions/narrowing_mark.hpp"
#include "rassist/enforce/enforce.hpp"

namespace rassist::cli {

namespace {

using enum SessionVerdict::Is;

SessionVerdict say_over(std::string why) { return {over, std::move(why)}; }

/// A failure of the system is no reason to cut anybody.
bool is_of_system(const Error& error) {
	return error.code == Fault::io || error.code == Fault::busy || error.code == Fault::unavailable;
}

/// Records that are there and not believed count for nothing, as they do at a login.
template <class T> bool counts_for_nothing(const Lookup<T>& found) {
	return found.absent() || (found.failed() && !is_of_system(found.error()));
}

/// A record that forbids counts even where it is not believed.
bool forbids(const Result<bool>& found) { return found ? *found : !is_of_system(found.error()); }

/// nullopt: the device may be connected.
std::optional<SessionVerdict> judge_device(const Context& context, const Serial& serial) {
	const auto device = find_device(context.paths, serial, context.root);
	if (counts_for_nothing(device))
		return say_over("the device is not registered");
	if (device.found() && device->blocked)
		return say_over("the device is blocked");
	return std::nullopt;
}

/// Only a configuration that can be read ends a session: with one that cannot, nobody new gets in
/// and nobody is cut.
std::optional<SessionVerdict> judge_origin(
	const Context& context, const Session& session, const Grant& grant) {
	const auto config = load_config(context.paths, context.root);
	if (auto refused = refuse_origin(
			config ? config->support_from : std::vector<Network>(), grant.from, session.from))
		return say_over(*std::move(refused));
	return std::nullopt;
}

/// nullopt: what it reaches since its login is still its own.
std::optional<SessionVerdict> judge_scope(
	const Context& context, const Session& session, const Grant& grant) {
	if (!are_all_within(session.scope, grant.scope))
		return say_over("its scope is narrower now");
	if (forbids(was_narrowed_since(context.paths, session, context.root)))
		return say_over("its scope, or a group in it, is smaller than when it logged in");
	return std::nullopt;
}

/// Whether the key it logged in with is still accepted, from where it is and for all that it
/// reaches.
SessionVerdict judge_staff(const Context& context, const Session& session, const Now& now) {
	const auto fingerprint = Fingerprint::parse(session.key);
	if (!fingerprint)
		return say_over("its key is not known");
	const auto grant =
		find_grant(grant_folder_of(session.role, context.paths), *fingerprint, context.root);
	if (counts_for_nothing(grant))
		return say_over("its key is no longer accepted");
	if (grant.failed())
		return {fine, ""};
	if (grant->subject != session.subject)
		return say_over("its key belongs to somebody else now");
	if (grant->expires && grant->expires->passed(now))
		return say_over("its key has expired");
	if (auto wrong = judge_origin(context, session, *grant))
		return *std::move(wrong);
	return judge_scope(context, session, *grant).value_or(SessionVerdict{fine, ""});
}

/// A tunnel lives by its window's grant, whatever its key: the device may have enrolled again
/// meanwhile, with another one.
std::optional<SessionVerdict> judge_window(
	const Context& context, const Session& session, const Now& now) {
	const auto grant =
		find_grant_of(grant_folder_of(Role::tunnel, context.paths), session.subject, context.root);
	if (counts_for_nothing(grant))
		return say_over("its window is no longer open here");
	if (grant.found() && grant->window != session.window)
		return say_over("another window of the device has been opened");
	if (grant.found() && grant->expires && grant->expires->passed(now))
		return say_over("its window has expired");
	if (session.window &&
		forbids(is_window_revoked(context.paths, *session.window, now, context.root)))
		return say_over("its window was revoked");
	return std::nullopt;
}

SessionVerdict judge_tunnel(
	const Context& context, const Session& session, bool grown, bool newest, const Now& now) {
	const auto serial = Serial::parse(session.subject);
	if (!serial)
		return say_over("it is of no device");
	if (auto wrong = judge_device(context, *serial))
		return *std::move(wrong);
	if (auto wrong = judge_window(context, session, now))
		return *std::move(wrong);
	if (!grown)
		return {wait, ""};    // what is up may still be the one before it, which is about to end
	if (!newest)
		return say_over("a later tunnel has taken its place");
	return is_tunnel_up(context.paths, *serial)
			   ? SessionVerdict{fine, ""}
			   : say_over("it has carried nothing since it logged in");
}

/// The login of an identity or of an activation is there to ask one question. Its grant may be used
/// up by that, and enroll itself tells a device that is blocked.
SessionVerdict judge_question(bool grown) {
	return grown ? say_over("it has been there longer than an enrolment takes")
				 : SessionVerdict{wait, ""};
}

}    // namespace

std::chrono::seconds login_time_of(Role role) {
	return role == Role::tunnel ? std::chrono::seconds(10) : std::chrono::seconds(60);
}

SessionVerdict judge_session(
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
	return say_over("it has no role");
}

}    // namespace rassist::cli
