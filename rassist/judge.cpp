// What makes a live session one that must end. Pure but for reading the records.
#include "rassist/enforce.hpp"

#include "common/parse.hpp"
#include "common/registry.hpp"
#include "common/store.hpp"

#include <limits>

namespace rassist::cli {

namespace {

using enum Verdict::Is;

Verdict ends(std::string why) { return {over, std::move(why)}; }

/// Records that are there and not believed count for nothing, as they do at a login. A failure of the system is no reason to cut anybody.
template <class T> bool counts_for_nothing(const Result<std::optional<T>>& found) {
	if (found) {
		return !*found;
	}
	return found.error().code != Fault::io && found.error().code != Fault::busy && found.error().code != Fault::unavailable;
}

/// nullopt: the device may be connected.
std::optional<Verdict> judge_device(const Context& context, const Serial& serial) {
	const auto device = find_device(context.paths, serial, context.root);
	if (counts_for_nothing(device)) {
		return ends("the device is not registered");
	}
	if (device && (*device)->blocked) {
		return ends("the device is blocked");
	}
	return std::nullopt;
}

/// nullopt: the key it logged in with is still accepted.
std::optional<Verdict> judge_grant(const Context& context, const Session& session, const Now& now) {
	const auto fingerprint = Fingerprint::parse(session.key);
	if (!fingerprint) {
		return ends("its key is not known");
	}
	const auto grant = find_grant(place_of(session.role, context.paths), *fingerprint, context.root);
	if (counts_for_nothing(grant)) {
		return ends("its key is no longer accepted");
	}
	if (grant && (*grant)->subject != session.subject) {
		return ends("its key belongs to somebody else now");
	}
	if (grant && (*grant)->expires && (*grant)->expires->passed(now)) {
		return ends("its key has expired");
	}
	return std::nullopt;
}

/// The grant a tunnel lives by is its window's: the device may have enrolled again meanwhile, with another key.
std::optional<Verdict> judge_window(const Context& context, const Session& session, const Now& now) {
	const auto grant = find_grant_of(place_of(Role::tunnel, context.paths), session.subject, context.root);
	if (counts_for_nothing(grant)) {
		return ends("its window is no longer open here");
	}
	if (grant && (*grant)->window != session.window) {
		return ends("another window of the device has been opened");
	}
	if (grant && (*grant)->expires && (*grant)->expires->passed(now)) {
		return ends("its window has expired");
	}
	return std::nullopt;
}

Verdict judge_tunnel(const Context& context, const Session& session, bool grown, bool newest, const Now& now) {
	const auto serial = Serial::parse(session.subject);
	if (!serial) {
		return ends("it is of no device");
	}
	if (auto wrong = judge_device(context, *serial)) {
		return *std::move(wrong);
	}
	if (auto wrong = judge_window(context, session, now)) {
		return *std::move(wrong);
	}
	if (!grown) {
		return {wait, ""};    // what is up may still be the one before it, which is about to end
	}
	if (!newest) {
		return ends("a later tunnel has taken its place");
	}
	return tunnel_is_up(context.paths, *serial) ? Verdict{fine, ""} : ends("it has carried nothing since it logged in");
}

/// An identity's or an activation's login is there to ask one question. Its grant may be used up by that, and enroll itself tells a blocked device.
Verdict judge_question(bool grown) { return grown ? ends("it has been there longer than an enrolment takes") : Verdict{wait, ""}; }

}    // namespace

std::chrono::seconds patience(Role role) { return role == Role::tunnel ? std::chrono::seconds(10) : std::chrono::seconds(60); }

Verdict judge(const Context& context, const Session& session, bool grown, bool newest, const Now& now) {
	switch (session.role) {
	case Role::tunnel:
		return judge_tunnel(context, session, grown, newest, now);
	case Role::staff:
		return judge_grant(context, session, now).value_or(Verdict{fine, ""});
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

Result<SpoolEntry> parse_spool_entry(std::string_view name) {
	const auto first = name.find('.');
	const auto last = name.rfind('.');
	const Error wrong{Fault::invalid, quoted(name) + ": a spool entry is called ROLE.SUBJECT.NUMBER"};
	if (first == std::string_view::npos || last <= first + 1) {
		return wrong;
	}
	const auto role = parse_role(name.substr(0, first));
	const auto number = parse_integer(name.substr(last + 1), 0, std::numeric_limits<std::int64_t>::max());
	if (!role || !number) {
		return wrong;
	}
	return SpoolEntry{*role, std::string(name.substr(first + 1, last - first - 1)), *number};
}

}    // namespace rassist::cli
